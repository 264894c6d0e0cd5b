package gradus.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.tensor.DType;
import gradus.tensor.Shape;
import gradus.tensor.Storage;
import gradus.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Where a pool's tensors lie in its arrays. */
class PoolTest {
    @Test
    void largeTensorsBeginAtACacheLine() {
        Pool pool = new Pool(true);
        int lines = 0;
        for (int i = 0; i < 20; i++) {
            // Not released, so that each array has another address.
            Tensor floats = pool.allocate(DType.FLOAT32, Shape.of(5000 + i));
            Tensor doubles = pool.allocateBlocked(DType.FLOAT64, Shape.of(40, 200 + i), 32);
            lines += floats.offset() == CacheLines.first(floats.floats()) ? 1 : 0;
            lines += doubles.offset() == CacheLines.first(doubles.doubles()) ? 1 : 0;
        }
        // The collector may have moved an array meanwhile.
        assertTrue(lines >= 36, lines + " of 40 begin at a line");
        assertEquals(0, new Pool(false).allocate(DType.FLOAT32, Shape.of(5000)).offset());
    }

    @Test
    void arraysComeBackWithoutGrowing() {
        Pool pool = new Pool(true);
        for (int size : new int[] {1, 4096, 4097, 5000, 1 << 20}) {
            Tensor first = pool.allocate(DType.FLOAT32, Shape.of(size));
            float[] array = first.floats();
            Storage storage = first.storage();
            pool.release(storage);
            assertSame(array, pool.allocate(DType.FLOAT32, Shape.of(size)).floats());
        }
        assertEquals(pool.peakBytes(), pool.bytesInUse());
    }
}
