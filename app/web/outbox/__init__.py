"""The pages of the outbox: the delivery log, one mail, and the preview of all kinds of mails."""
