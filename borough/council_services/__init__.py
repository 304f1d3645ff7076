"""What the borough offers: one folder each."""
