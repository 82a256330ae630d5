"""Rules of circular procedures: settings of the body, which answers count, what comes of them, who may do what."""
