"""Read all pictures in a folder on a Ray cluster: python ray_pages.py scans/ rows/ [ADDRESS]

Needs: pip install "inkdigits[ray]". Without an address Ray starts on this machine, with all of its cores. The rows, one
a number, are written to the folder rows/ as Parquet files while pictures are still being read. With an address, every
machine must see both folders: a shared disk, or s3:// and the like.
"""

import sys

import ray
from pyarrow.dataset import dataset, field

from inkdigits import PageReader

scans, rows, *address = sys.argv[1:]
ray.init(address=address[0] if address else None, log_to_driver=False)
cores = int(ray.cluster_resources()["CPU"])
pages = ray.data.read_binary_files(scans, include_paths=True)  # columns: bytes, path
numbers = pages.map_batches(
    PageReader,  # one a process, with its nets open
    fn_constructor_kwargs={"min_confidence": 0.5},
    batch_format="pyarrow",
    batch_size=8,  # pages are large; 256 suits cells
    num_cpus=1,
    compute=ray.data.ActorPoolStrategy(min_size=1, max_size=max(1, cores - 1)),  # one core is left to load the files
)
numbers.write_parquet(rows)
written = dataset(rows)
print(f"{written.count_rows()} rows, {written.count_rows(filter=field('error') != '')} of them errors, in {rows}")
