package gradus.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gradus.numerics.RandomStream;
import gradus.tensor.Npy;
import gradus.tensor.NpyArray;
import gradus.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collections of ratings: reading, filtering, splitting, generating. */
class RatingsTest {
    @TempDir
    private Path folder;

    @Test
    void usersAndItemsAreNumberedInOrderAndTheLastOfTwoCounts() {
        Ratings r = Ratings.of(new long[] {70, -3, 70, 70, -3}, new long[] {9, 9, 4, 9, 1L << 50}, new double[] {1, 2, 3, 4, 5});
        assertEquals("2 × 3, 4 ratings", r.toString());
        assertArrayEquals(new int[] {0, 0, 1, 1}, r.userOfEach());
        assertArrayEquals(new int[] {1, 2, 0, 1}, r.itemOfEach());
        assertArrayEquals(new double[] {2, 5, 3, 4}, r.values());
        assertEquals(-3, r.userId(0));
        assertEquals(1L << 50, r.itemId(2));
    }

    @Test
    void readsIntegersFromNpyAndMovieLensCsv() throws IOException {
        Path npy = folder.resolve("r.npy");
        Npy.write(npy, NpyArray.of(new long[] {5, 100, 3, 5, 200, 4, 6, 100, 1}, 3, 3));
        Path csv = Files.writeString(folder.resolve("ratings.csv"), "userId,movieId,rating,timestamp\n5,100,3.0,964982703\n5,200,4.0,1\n6,100,1.0,2\n");
        Path bare = Files.writeString(folder.resolve("bare.csv"), "5,100,3\n5,200,4\n6,100,1\n");
        for (Path file : List.of(npy, csv, bare)) {
            Ratings r = Ratings.read(file);
            assertEquals("2 × 2, 3 ratings", r.toString());
            assertArrayEquals(new double[] {3, 4, 1}, r.values());
        }
    }

    @Test
    void filesThatHoldSomethingElseAreRefusedWithTheirPlace() throws IOException {
        Path square = folder.resolve("square.npy");
        Npy.write(square, NpyArray.of(new long[] {1, 2, 3, 4}, 2, 2));
        Path nan = folder.resolve("nan.npy");
        Npy.write(nan, NpyArray.of(Tensor.of(new double[] {1, 2, 3, 1, 3, Double.NaN}, 2, 3)));
        Path half = Files.writeString(folder.resolve("half.csv"), "u,i,r\n1,2,3\n1.5,2,3\n");
        Path narrow = Files.writeString(folder.resolve("narrow.csv"), "u,i\n1,2\n");
        Path empty = Files.writeString(folder.resolve("empty.csv"), "u,i,r\n");
        Path other = Files.writeString(folder.resolve("ratings.txt"), "1 2 3");
        for (String[] expected : new String[][] {{square.toString(), "[2, 2]"}, {nan.toString(), "row 1 (from 0) is NaN"}, {half.toString(), "user in row 1 (from 0) is 1.5"},
                {narrow.toString(), "2 columns"}, {empty.toString(), "no ratings"}, {other.toString(), ".npy or .csv"}}) {
            String message = assertThrows(IOException.class, () -> Ratings.read(Path.of(expected[0]))).getMessage();
            assertTrue(message.contains(expected[0]) && message.contains(expected[1]), message);
        }
    }

    @Test
    void theFilterGoesOnUntilAllHaveMore() {
        // A chain: item 3 falls first, then user 2 has too few, then item 2, then user 1.
        long[] users = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
        long[] items = {0, 1, 1, 2, 2, 3, 0, 1, 0, 1, 4};
        Ratings r = Ratings.of(users, items, new double[users.length]);
        Ratings left = r.withMoreThan(1);
        assertEquals("3 × 2, 6 ratings", left.toString());
        assertArrayEquals(new long[] {0, 3, 4}, new long[] {left.userId(0), left.userId(1), left.userId(2)});
        assertEquals(r.toString(), r.withMoreThan(0).toString());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> r.withMoreThan(5)).getMessage().contains("nothing is left"));
    }

    @Test
    void theGeneratedCollectionHasTheShapesOfTheSource() {
        Ratings all = RatingsGenerator.restaurants().generate(1).ratings();
        assertEquals(337_867, all.users());
        assertEquals(5_899, all.items());
        assertEquals("11275 × 3531, 285343 ratings", all.withMoreThan(10).toString());
        Ratings core = all.withMoreThan(20);
        assertEquals(3_529, core.users());
        assertEquals(2_072, core.items());
        // In one go or in two, the filter leaves the same.
        assertEquals(core.toString(), all.withMoreThan(10).withMoreThan(20).toString());
    }

    @Test
    void generatedRatingsAreWhatTheirFactorsSay() {
        RatingsGenerator quiet = new RatingsGenerator(60, 50, 80, 60, 2_500, 30, 10, 20, 10, 3, 0);
        RatingsGenerator.Planted planted = quiet.generate(4);
        Ratings r = planted.ratings();
        // Without noise a user's ratings differ by their products only.
        for (int i = 1; i < r.size(); i++) {
            if (r.user(i) == r.user(i - 1)) {
                double difference = product(planted, r, i) - product(planted, r, i - 1);
                assertEquals(difference, r.value(i) - r.value(i - 1), 1e-12);
            }
        }
        assertArrayEquals(r.values(), quiet.generate(4).ratings().values());
        assertNotEquals(r.values()[0], quiet.generate(5).ratings().values()[0]);
        assertEquals("60 × 50", r.withMoreThan(20).toString().split(",")[0]);
    }

    private static double product(RatingsGenerator.Planted planted, Ratings r, int i) {
        double sum = 0;
        for (int f = 0; f < planted.q().columns(); f++) {
            sum += planted.q().get((int) r.userId(r.user(i)), f) * planted.p().get((int) r.itemId(r.item(i)), f);
        }
        return sum;
    }

    @Test
    void aSplitHoldsOutWhatItSaysAndLosesNothing() {
        Ratings r = RatingsGenerator.small().generate(2).ratings().withMoreThan(20);
        Ratings.Split split = r.split(200, 150, new RandomStream(3, "split"));
        assertEquals(200, split.validation().size());
        assertEquals(150, split.test().size());
        Set<Long> seen = new HashSet<>();
        for (Ratings part : List.of(split.training(), split.validation(), split.test())) {
            assertEquals(r.users(), part.users());
            assertEquals(r.items(), part.items());
            for (int i = 0; i < part.size(); i++) {
                assertTrue(seen.add((long) part.user(i) << 32 | part.item(i)), "a rating in two parts");
            }
        }
        assertEquals(r.size(), seen.size());
        assertArrayEquals(split.test().values(), r.split(200, 150, new RandomStream(3, "split")).test().values());
        assertThrows(IllegalArgumentException.class, () -> r.split(r.size(), 0, new RandomStream(3, "split")));
        assertThrows(IllegalArgumentException.class, () -> r.split(-1, 0, new RandomStream(3, "split")));
    }

    @Test
    void refusesWhatItCannotUse() {
        assertThrows(IllegalArgumentException.class, () -> Ratings.of(new long[0], new long[0], new double[0]));
        assertThrows(IllegalArgumentException.class, () -> Ratings.of(new long[2], new long[1], new double[2]));
        assertThrows(IllegalArgumentException.class, () -> Ratings.of(new long[1], new long[1], new double[] {Double.POSITIVE_INFINITY}));
        Stream.<Runnable>of(() -> new RatingsGenerator(10, 10, 10, 10, 100, 0, 0, 20, 10, 3, 0), () -> new RatingsGenerator(60, 50, 80, 60, 100, 0, 0, 20, 10, 3, 0).generate(1),
                () -> new RatingsGenerator(60, 50, 80, 60, 9_000, 0, 0, 20, 10, 3, 0).generate(1)).forEach(wrong -> assertThrows(IllegalArgumentException.class, wrong::run));
    }
}
