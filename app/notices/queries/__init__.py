"""Reading notices: whom something concerns, what each of them is told, and what is new for somebody."""

from app.notices.queries.recent import recent_notices as recent_notices
