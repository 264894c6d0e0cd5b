package gradus.numerics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

/** The known answers that come with Random123 (kat_vectors, philox 4x32, 10 rounds). */
class PhiloxTest {
    @Test
    void givesThePublishedAnswers() {
        check(0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
        check(-1, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
        check(0x85a308d3_243f6a88L, 0x03707344_13198a2eL, 0x299f31d0_a4093822L, 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    }

    @Test
    void manyBlocksAreTheBlocksOneByOne() {
        for (int blocks = 0; blocks < 40; blocks++) {
            long low = 0xfffffff0L + blocks;
            int[] out = new int[4 * blocks + 5];
            Philox.blocks(low, 0x0123456789abcdefL, 0xfedcba9876543210L, out, 3, blocks);
            int[] expected = new int[4 * blocks + 5];
            for (int b = 0; b < blocks; b++) {
                Philox.block(low + b, 0x0123456789abcdefL, 0xfedcba9876543210L, expected, 3 + 4 * b);
            }
            assertArrayEquals(expected, out);
        }
    }

    private static void check(long low, long high, long key, int... expected) {
        int[] out = new int[5];
        Philox.block(low, high, key, out, 1);
        assertArrayEquals(new int[] {0, expected[0], expected[1], expected[2], expected[3]}, out);
    }
}
