"""Documents that leave the house: plain values in, PDF/A-3a and PDF/UA-1 bytes out."""
