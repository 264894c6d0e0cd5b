package gradus.backend.cuda;

import gradus.backend.NearestCenters;
import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Tensor;

/** {@code kernels/kmeans.cu}: rows are sent once, centres at every call. */
final class DeviceCenters implements NearestCenters {
    private final CudaBackend backend;
    private final Tensor rows;
    private final Tensor nearest;

    DeviceCenters(CudaBackend backend, float[] rows, int d) {
        this.backend = backend;
        this.rows = backend.upload(Tensor.of(rows, rows.length / d, d));
        this.nearest = backend.allocate(DType.FLOAT64, Shape.of(rows.length / d));
    }

    @Override
    public void assign(double[] centers, int[] labels) {
        int d = rows.dim(1);
        int k = centers.length / d;
        Tensor sent = backend.upload(Tensor.of(centers, k, d));
        backend.check(Bridge.nearestCenters(backend.library(), backend.stream(), rows.dim(0), k, d, CudaBackend.address(rows), CudaBackend.address(sent),
                CudaBackend.address(nearest)), () -> "nearest of " + k + " centres to " + rows);
        backend.release(sent);
        double[] found = backend.download(nearest).toDoubles();
        for (int i = 0; i < found.length; i++) {
            labels[i] = (int) found[i];
        }
    }

    @Override
    public void close() {
        backend.release(rows);
        backend.release(nearest);
    }
}
