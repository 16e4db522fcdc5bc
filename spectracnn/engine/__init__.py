"""The child process that owns the network, and its client. No Qt, and no Keras in the client."""
