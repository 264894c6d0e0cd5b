package gradus.numerics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The functions to any number of decimal digits, by their power series: slow, plain, and with nothing in common with the code it judges.
 *
 * <p>Each method works with {@value #GUARD} digits more than asked for and sums its series until a term falls below 10^−(digits + guard) of the sum, so its relative error is below
 * 10^−digits: no method here takes a thousand steps, and each step costs at most one unit of the last guarded digit.
 */
final class Multiprecision {
    private static final int GUARD = 30;
    private static final BigDecimal TWO = BigDecimal.TWO;

    private final MathContext digits;
    private final BigDecimal ln2;
    private final BigDecimal pi;

    /** An arithmetic whose results have relative errors below 10^−digits. */
    Multiprecision(int digits) {
        this.digits = new MathContext(digits + GUARD, RoundingMode.HALF_EVEN);
        this.ln2 = TWO.multiply(atanh(BigDecimal.ONE.divide(BigDecimal.valueOf(3), this.digits)), this.digits);
        // Machin: π = 16 atan(1/5) − 4 atan(1/239), with 50 digits more for the reduction of the largest floats.
        MathContext more = new MathContext(digits + GUARD + 60, RoundingMode.HALF_EVEN);
        this.pi = arctangentOfInverse(5, more).multiply(BigDecimal.valueOf(16)).subtract(arctangentOfInverse(239, more).multiply(BigDecimal.valueOf(4)), more);
    }

    /** How many digits a result is good for. */
    int digits() {
        return digits.getPrecision() - GUARD;
    }

    MathContext context() {
        return digits;
    }

    BigDecimal ln2() {
        return ln2;
    }

    BigDecimal pi() {
        return pi;
    }

    private static BigDecimal arctangentOfInverse(int n, MathContext context) {
        BigDecimal square = BigDecimal.valueOf((long) n * n);
        BigDecimal power = BigDecimal.ONE.divide(BigDecimal.valueOf(n), context);
        BigDecimal sum = power;
        for (int k = 3; power.precision() - power.scale() > -context.getPrecision() - 3; k += 2) {
            power = power.divide(square, context).negate();
            sum = sum.add(power.divide(BigDecimal.valueOf(k), context), context);
        }
        return sum;
    }

    /** The value of a function at a finite input inside its domain, other than one where the result is infinite. */
    BigDecimal value(Function f, BigDecimal x) {
        return switch (f) {
            case EXP -> exp(x);
            case EXPM1 -> expm1(x);
            case LOG -> log(x);
            case LOG1P -> log1p(x);
            case TANH -> {
                BigDecimal e = expm1(TWO.multiply(x));
                yield e.divide(e.add(TWO), digits);
            }
            case SIGMOID -> BigDecimal.ONE.divide(exp(x.negate()).add(BigDecimal.ONE), digits);
            case SOFTPLUS -> log1p(exp(x));
            case SIN -> sin(x);
            case COS -> cos(x);
            case ERF -> erf(x);
            case RSQRT -> BigDecimal.ONE.divide(x.sqrt(digits), digits);
            case NEG -> x.negate();
            case ABS -> x.abs();
            case SQRT -> x.sqrt(digits);
            case SQUARE -> x.multiply(x);
            case RECIPROCAL -> BigDecimal.ONE.divide(x, digits);
            case SIGN -> BigDecimal.valueOf(x.signum());
            case RELU -> x.max(BigDecimal.ZERO);
            case FLOOR -> x.setScale(0, RoundingMode.FLOOR);
        };
    }

    /** xⁿ for x ≠ 0. */
    BigDecimal pow(BigDecimal x, int n) {
        BigDecimal power = x.pow(Math.abs(n), new MathContext(digits.getPrecision() + 12, RoundingMode.HALF_EVEN));
        return n < 0 ? BigDecimal.ONE.divide(power, digits) : power;
    }

    BigDecimal exp(BigDecimal x) {
        BigInteger k = x.divide(ln2, digits).setScale(0, RoundingMode.HALF_EVEN).toBigIntegerExact();
        BigDecimal sum = expm1Series(x.subtract(new BigDecimal(k).multiply(ln2), digits)).add(BigDecimal.ONE);
        return sum.multiply(powerOfTwo(k.intValueExact()), digits);
    }

    BigDecimal expm1(BigDecimal x) {
        return x.abs().compareTo(BigDecimal.ONE) < 0 ? expm1Series(x) : exp(x).subtract(BigDecimal.ONE, digits);
    }

    /** Σ rⁿ/n! from n = 1, |r| ≤ 1. */
    private BigDecimal expm1Series(BigDecimal r) {
        BigDecimal term = r.round(digits);
        BigDecimal sum = term;
        for (int n = 2; !negligible(term, sum); n++) {
            term = term.multiply(r, digits).divide(BigDecimal.valueOf(n), digits);
            sum = sum.add(term, digits);
        }
        return sum;
    }

    BigDecimal log(BigDecimal x) {
        return log1p(x.subtract(BigDecimal.ONE));
    }

    /** log(1 + x): 1 + x is halved or doubled until it lies between 3/4 and 3/2; then 2 atanh(f/(2 + f)). */
    BigDecimal log1p(BigDecimal x) {
        BigDecimal m = x.add(BigDecimal.ONE);
        int k = 0;
        while (m.compareTo(BigDecimal.valueOf(1.5)) > 0) {
            m = m.multiply(BigDecimal.valueOf(0.5));
            k++;
        }
        while (m.compareTo(BigDecimal.valueOf(0.75)) < 0) {
            m = m.multiply(TWO);
            k--;
        }
        BigDecimal f = m.subtract(BigDecimal.ONE);
        BigDecimal log = TWO.multiply(atanh(f.divide(f.add(TWO), digits)));
        return log.add(BigDecimal.valueOf(k).multiply(ln2), digits);
    }

    /** Σ s²ⁿ⁺¹/(2n + 1), |s| ≤ 1/3. */
    private BigDecimal atanh(BigDecimal s) {
        BigDecimal square = s.multiply(s, digits);
        BigDecimal power = s.round(digits);
        BigDecimal sum = power;
        for (int n = 3; !negligible(power, sum); n += 2) {
            power = power.multiply(square, digits);
            sum = sum.add(power.divide(BigDecimal.valueOf(n), digits), digits);
        }
        return sum;
    }

    BigDecimal sin(BigDecimal x) {
        BigInteger k = quarterTurns(x);
        BigDecimal r = reduced(x, k);
        return switch (k.intValue() & 3) {
            case 0 -> sinSeries(r);
            case 1 -> cosSeries(r);
            case 2 -> sinSeries(r).negate();
            default -> cosSeries(r).negate();
        };
    }

    BigDecimal cos(BigDecimal x) {
        BigInteger k = quarterTurns(x);
        BigDecimal r = reduced(x, k);
        return switch (k.intValue() & 3) {
            case 0 -> cosSeries(r);
            case 1 -> sinSeries(r).negate();
            case 2 -> cosSeries(r).negate();
            default -> sinSeries(r);
        };
    }

    private BigInteger quarterTurns(BigDecimal x) {
        return TWO.multiply(x).divide(pi, new MathContext(60)).setScale(0, RoundingMode.HALF_EVEN).toBigIntegerExact();
    }

    private BigDecimal reduced(BigDecimal x, BigInteger k) {
        return x.subtract(new BigDecimal(k).multiply(pi).divide(TWO)).round(digits);
    }

    private BigDecimal sinSeries(BigDecimal r) {
        return alternating(r, r, 2);
    }

    private BigDecimal cosSeries(BigDecimal r) {
        return alternating(BigDecimal.ONE, r, 1);
    }

    private BigDecimal alternating(BigDecimal first, BigDecimal r, int factorial) {
        BigDecimal square = r.multiply(r, digits).negate();
        BigDecimal term = first.round(digits);
        BigDecimal sum = term;
        for (int n = factorial; !negligible(term, sum); n += 2) {
            term = term.multiply(square, digits).divide(BigDecimal.valueOf((long) n * (n + 1)), digits);
            sum = sum.add(term, digits);
        }
        return sum;
    }

    /** 2/√π Σ (−1)ⁿ x²ⁿ⁺¹/(n!(2n + 1)), |x| ≤ 4: the terms grow to 10⁶ at most before they fall. */
    BigDecimal erf(BigDecimal x) {
        BigDecimal square = x.multiply(x, digits);
        BigDecimal power = x.round(digits);
        BigDecimal sum = power;
        for (int n = 1; n <= 16 || !negligible(power, sum); n++) {
            power = power.multiply(square, digits).divide(BigDecimal.valueOf(-n), digits);
            sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), digits), digits);
        }
        return TWO.multiply(sum).divide(pi.sqrt(digits), digits);
    }

    private boolean negligible(BigDecimal term, BigDecimal sum) {
        return term.signum() == 0 || magnitude(term) < magnitude(sum) - digits.getPrecision() - 2;
    }

    private static long magnitude(BigDecimal x) {
        return (long) x.precision() - x.scale();
    }

    static BigDecimal powerOfTwo(int k) {
        return k >= 0 ? new BigDecimal(BigInteger.ONE.shiftLeft(k)) : BigDecimal.valueOf(0.5).pow(-k);
    }
}
