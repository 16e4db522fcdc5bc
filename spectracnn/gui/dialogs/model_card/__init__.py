"""What a model's card says, and the dialog that makes one."""
