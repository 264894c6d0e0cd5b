"""Makes the golden files of this folder with NumPy and the reference safetensors library: python make.py

NumPy 2.4, safetensors 0.8. What Gradus writes is compared with these files byte for byte, so NumPy opens it."""
import os
import numpy as np
from numpy.lib import format as npy
from safetensors.numpy import save_file

os.chdir(os.path.dirname(os.path.abspath(__file__)))
ramp = np.arange(24)

for code in ["b1", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "f4", "f8"]:
    a = (ramp * 5 - 50).astype("<" + code).reshape(2, 3, 4)
    if code in ("i2", "i4", "i8"):
        a[0, 0, 0] = np.iinfo(a.dtype).min
        a[1, 2, 3] = np.iinfo(a.dtype).max
    if code in ("f4", "f8"):
        a[0, 0] = [np.inf, -np.inf, -0.0, np.finfo(a.dtype).smallest_subnormal]
        a[1, 2, 3] = np.finfo(a.dtype).max
    np.save(f"{code}.npy", a)

np.save("big-endian.npy", np.array([[1.5, -2.25], [3e-45, np.pi]], dtype=">f4"))
np.save("big-endian-i4.npy", np.array([1, -2, 2**31 - 1], dtype=">i4"))
np.save("fortran.npy", np.asfortranarray(ramp.reshape(2, 3, 4).astype("<i4")))
np.save("scalar.npy", np.array(2.5))
np.save("empty.npy", np.zeros((3, 0, 2), dtype="<f4"))
np.save("one-axis.npy", np.array([1.0, 2.0, 3.0], dtype="<f4"))
for version in [(2, 0), (3, 0)]:
    with open(f"version-{version[0]}.npy", "wb") as f:
        npy.write_array(f, ramp.reshape(4, 6).astype("<f8"), version=version)

arrays = {"weight": (ramp / 7).astype("<f4").reshape(4, 6), "label": ramp.astype("<i8"), "deep/name": np.ones((2, 2), dtype="u1")}
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)

tensors = {
    "decoder.weight": (ramp / 7).astype("f4").reshape(4, 6),
    "decoder.bias": np.array([-0.0, np.inf, 1e-45, 1.0], dtype="f4"),
    "wide": np.array([[np.pi, -np.e]], dtype="f8"),
    "count": np.array(3.0, dtype="f4"),
    "none": np.zeros((0, 5), dtype="f4"),
}
save_file(tensors, "plain.safetensors")
save_file(tensors, "metadata.safetensors", metadata={"title": "caf\u00e9 \u201cquoted\u201d \\ \n"})
