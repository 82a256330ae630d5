"""Reading tables that people upload: bytes -> raw table -> checked cells; what a preview tells; it knows no subject."""
