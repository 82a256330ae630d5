"""Papers and documents: uploads, downloads, checksums."""
