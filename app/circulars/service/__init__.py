"""What people do with circular procedures: prepare, start, answer, withdraw, establish the result, report it."""
