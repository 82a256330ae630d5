"""The outbox: mails written in the caller's own transaction, sent by the worker, with what became of each."""
