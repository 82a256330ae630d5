"""What people do with papers: bring files in, add versions, change, order, move, withdraw; and sweeping orphans."""
