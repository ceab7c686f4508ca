"""What is learnt from: MNIST and one's own labelled pictures."""
