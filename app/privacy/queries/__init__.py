"""Reading what privacy is about: public texts, reports, everything about a person, the protocol of accounts."""
