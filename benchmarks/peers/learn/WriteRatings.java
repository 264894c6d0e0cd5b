import module gradus;
import java.nio.file.Files;

/** Writes the generated ratings of `gradus bench learn` as user,item,rating for peers that run in another JDK. */
void main() {
    Lab.run("ratings", run -> {
        Ratings ratings = RatingsGenerator.restaurants().generate(0).ratings().withMoreThan(20);
        int[] users = ratings.userOfEach();
        int[] items = ratings.itemOfEach();
        double[] values = ratings.values();
        var text = new StringBuilder();
        for (int i = 0; i < ratings.size(); i++) {
            text.append(users[i]).append(',').append(items[i]).append(',').append(values[i]).append('\n');
        }
        try {
            Files.writeString(run.folder().resolve("ratings.csv"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    });
}
