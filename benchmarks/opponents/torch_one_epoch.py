"""The published one-epoch recipe in plain PyTorch: 99% of MNIST in seconds. Argument: an .npz with x, y, tx, ty."""

import json
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional

BATCH, PEAK = 256, 1e-2


def main() -> None:
    """Train, test, and print the seconds of the training alone."""
    with np.load(sys.argv[1]) as arrays:
        x, y, test_x, test_y = (torch.from_numpy(arrays[name]) for name in ("x", "y", "tx", "ty"))
    torch.manual_seed(int(sys.argv[2]))
    x, test_x = (images[:, None].float() / 255 for images in (x, test_x))
    y = y.long()
    net = nn.Sequential(
        *(nn.Conv2d(1, 24, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(24, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(800, 256), nn.ReLU(), nn.Linear(256, 10)),
    )
    began = time.perf_counter()
    batches = torch.randperm(len(x)).split(BATCH)
    optimizer = torch.optim.Adam(net.parameters(), betas=(0.7, 0.9))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK, total_steps=len(batches), cycle_momentum=False)
    for batch in batches:
        optimizer.zero_grad()
        functional.cross_entropy(net(x[batch]), y[batch]).backward()
        optimizer.step()
        schedule.step()
    seconds = time.perf_counter() - began
    with torch.no_grad():
        guesses = torch.cat([net(part).argmax(1) for part in test_x.split(1000)])
    print(
        json.dumps(
            {"seconds": seconds, "accuracy": (guesses == test_y).float().mean().item(), "torch": torch.__version__}
        )
    )


if __name__ == "__main__":
    main()
