package gradus.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyIndexRunsExactlyOnce(int threads) {
        try (Workers workers = new Workers(threads)) {
            assertEquals(threads, workers.threads());
            for (int count : new int[] {0, 1, 2, 3, 7, 64, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(count);
                workers.forEach(count, runs::incrementAndGet);
                for (int i = 0; i < count; i++) {
                    assertEquals(1, runs.get(i), "index " + i + " of " + count);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4})
    void manyShortCallsSeeEachOthersWrites(int threads) {
        try (Workers workers = new Workers(threads)) {
            int[] cells = new int[16];
            for (int round = 0; round < 20_000; round++) {
                workers.forEach(cells.length, i -> cells[i] += i + 1);
            }
            int[] expected = new int[16];
            Arrays.setAll(expected, i -> 20_000 * (i + 1));
            assertArrayEquals(expected, cells);
        }
    }

    @Test
    void sleepingHelpersAreWoken() throws InterruptedException {
        try (Workers workers = new Workers(2)) {
            Thread.sleep(20);
            CountDownLatch both = new CountDownLatch(2);
            // Each body waits for the other: this only ends when two threads take part.
            Assertions.assertTimeoutPreemptively(Duration.ofSeconds(10), () -> workers.forEach(2, i -> {
                both.countDown();
                awaitQuietly(both);
            }));
        }
    }

    @Test
    void callerSleepsUntilASlowHelperHasFinished() {
        try (Workers workers = new Workers(2)) {
            CountDownLatch both = new CountDownLatch(2);
            boolean[] finished = new boolean[2];
            Thread caller = Thread.currentThread();
            workers.forEach(2, i -> {
                both.countDown();
                awaitQuietly(both);
                if (Thread.currentThread() != caller) {
                    sleepQuietly(30);
                }
                finished[i] = true;
            });
            assertTrue(finished[0] && finished[1]);
        }
    }

    @Test
    void callFromInsideABodyRunsOnItsOwnThread() {
        try (Workers workers = new Workers(3)) {
            int[] sums = new int[8];
            workers.forEach(8, i -> {
                Set<Thread> threads = ConcurrentHashMap.newKeySet();
                workers.forEach(5, j -> {
                    sums[i] += j;
                    threads.add(Thread.currentThread());
                });
                assertEquals(Set.of(Thread.currentThread()), threads);
            });
            for (int sum : sums) {
                assertEquals(10, sum);
            }
        }
    }

    @Test
    void failureOfTheLowestIndexReachesTheCaller() {
        try (Workers workers = new Workers(4)) {
            RuntimeException[] thrown = new RuntimeException[100];
            for (int round = 0; round < 200; round++) {
                IllegalStateException failure = assertThrows(IllegalStateException.class, () -> workers.forEach(100, i -> {
                    if (i >= 17) {
                        throw thrown[i] = new IllegalStateException("index " + i);
                    }
                }));
                assertSame(thrown[17], failure);
            }
            int[] calls = new int[4];
            workers.forEach(4, i -> calls[i]++);
            assertArrayEquals(new int[] {1, 1, 1, 1}, calls);
        }
    }

    @Test
    void errorsReachTheCallerToo() {
        try (Workers workers = new Workers(2)) {
            assertThrows(StackOverflowError.class, () -> workers.forEach(2, i -> {
                throw new StackOverflowError();
            }));
        }
    }

    @Test
    void callersOnSeveralThreadsDoNotDisturbEachOther() throws InterruptedException {
        try (Workers workers = new Workers(3)) {
            int[][] cells = new int[3][64];
            Thread[] callers = new Thread[3];
            for (int c = 0; c < 3; c++) {
                int[] own = cells[c];
                callers[c] = Thread.ofPlatform().start(() -> {
                    for (int round = 0; round < 2000; round++) {
                        workers.forEach(own.length, i -> own[i]++);
                    }
                });
            }
            for (Thread caller : callers) {
                caller.join();
            }
            int[] expected = new int[64];
            Arrays.fill(expected, 2000);
            for (int[] own : cells) {
                assertArrayEquals(expected, own);
            }
        }
    }

    @Test
    void closedWorkersRefuseWorkAndTheirThreadsEnd() throws InterruptedException {
        Workers workers = new Workers(2);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch both = new CountDownLatch(2);
        workers.forEach(2, i -> {
            threads.add(Thread.currentThread());
            both.countDown();
            awaitQuietly(both);
        });
        workers.close();
        assertThrows(IllegalStateException.class, () -> workers.forEach(2, i -> { }));
        threads.remove(Thread.currentThread());
        assertEquals(1, threads.size());
        for (Thread helper : threads) {
            assertTrue(helper.isDaemon());
            helper.join(5000);
            assertFalse(helper.isAlive());
        }
    }

    @Test
    void fewerThanOneThreadIsAnError() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new Workers(0));
        assertEquals("workers: 0 threads asked for, at least 1 wanted", e.getMessage());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleepQuietly(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
