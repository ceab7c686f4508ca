"""Trained nets as files to read with: ONNX, 8 bits, LiteRT."""
