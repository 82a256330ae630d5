"""Pages about privacy: public texts, reports, retention, what is stored about a person, the protocol of accounts."""
