"""Reading notices: whom something concerns, what waits, what each of them is told, and what one was told of."""

from app.notices.queries.recent import recent_page as recent_page
