"""Classify many MNIST frames at once with the light path, and find the ones worth a second look."""

import numpy as np

import inkdigits
from inkdigits.training import load_mnist

frames, labels = load_mnist().validation
probabilities = inkdigits.Classifier().probabilities(frames)
guesses, confidences = probabilities.argmax(axis=1), probabilities.max(axis=1)
print(f"{len(frames)} frames, {np.mean(guesses == labels):.2%} right")
print("the least sure five:")
for i in np.argsort(confidences)[:5]:
    print(f"  picture {i}: a {labels[i]}, read as {guesses[i]} with {confidences[i]:.0%}")
