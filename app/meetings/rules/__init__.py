"""Rules of meetings: ``deadlines`` counts days, ``life`` says what may follow what."""
