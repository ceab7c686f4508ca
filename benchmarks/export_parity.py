"""The bundled net through ONNX Runtime against the same net in Keras, on all pictures of the MNIST test set.

python benchmarks/export_parity.py
"""

import numpy as np
from record import record

from inkdigits.classifier import softmax
from inkdigits.session import Session, find_model
from inkdigits.training import load_mnist
from inkdigits.training.learn import predict
from inkdigits.training.models import load_model

if __name__ == "__main__":
    path = find_model(None)
    frames = load_mnist().test.images
    exported = softmax(Session(path).logits(frames), 1.0)
    trained = softmax(predict(load_model(str(path.with_suffix(".keras"))), frames), 1.0)
    figures = {
        "model": path.stem,
        "n": len(frames),
        "largest_difference": float(np.abs(exported - trained).max()),
        "other_predictions": int((exported.argmax(axis=1) != trained.argmax(axis=1)).sum()),
    }
    record("export_parity", figures)
