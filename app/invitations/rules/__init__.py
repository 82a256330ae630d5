"""Pure rules of invitations: settings of the body, German words, what counts as an answer."""
