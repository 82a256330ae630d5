"""What people do with drafting: have proposals worked out, and release what came of them."""
