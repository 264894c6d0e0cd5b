import module gradus;

/**
 * A dense layer y = x·weightᵀ with a gradient rule written by hand, and wrong: the gradient of the weight is transposed. Its shape is right, so
 * nothing complains, save GradCheck: java -p target/classes:target/lib --add-modules gradus examples/WrongLayer.java
 */
static Value dense(Value x, Value weight) {
    return CustomOp.apply("dense",
            (backend, in) -> backend.matmul(in.get(0), in.get(1).transpose(), null, null),
            (in, y, g) -> List.of(
                    () -> g.matmul(in.get(1)),
                    () -> in.get(0).transpose().matmul(g).reshape(in.get(1).shape().dims())), // right is g.transpose().matmul(in.get(0))
            x, weight);
}

void main() {
    var random = new RandomStream(1, "wrong layer");
    GradCheck.of((x, weight) -> dense(x, weight), Domain.REAL.draw(random, 4, 3), Domain.REAL.draw(random, 2, 3))
            .named("dense").written("(x, weight) -> dense(x, weight)").verify();
}
