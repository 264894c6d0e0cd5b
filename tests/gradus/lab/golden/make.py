"""The hash of parameters as docs/files.md defines it, in Python; prints the value that ParameterHashTest expects: python make.py"""
import hashlib
import struct

import numpy as np


def parameter_hash(parameters):
    digest = hashlib.sha256()
    for name in sorted(parameters):
        a = parameters[name]
        utf8 = name.encode()
        digest.update(struct.pack("<i", len(utf8)) + utf8 + {"float32": b"F32", "float64": b"F64"}[a.dtype.name])
        digest.update(struct.pack(f"<{1 + a.ndim}i", a.ndim, *a.shape))
        digest.update(a.astype(a.dtype.newbyteorder("<")).tobytes())
    return "sha256:" + digest.hexdigest()


print(parameter_hash({
    "encoder.weight": (np.arange(12, dtype=np.float32) / np.float32(8)).reshape(3, 4),
    "encoder.bias": np.array([-0.0, np.inf, 1e-45], dtype=np.float32),
    "größe": np.array(0.1),
    "none": np.zeros((0, 2), dtype=np.float32),
}))
