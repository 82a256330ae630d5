"""What is done with mails: written, sent step by step, ordered again or withdrawn, their texts kept for a time."""

from app.outbox.service.acts import cancel_mail, resend_mail
from app.outbox.service.posting import SEND_JOB, order_sending, post_mail

__all__ = ["SEND_JOB", "cancel_mail", "order_sending", "post_mail", "resend_mail"]
