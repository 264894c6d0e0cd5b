import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A step of MLlib's alternating least squares. Arguments: ratings as CSV (user,item,rating), number of factors, threads. A step is what ten iterations take longer than
 * two, over eight, so that setting up and the first shuffles do not count. Prints: peer, work, seconds; tabs between.
 */
public final class SparkAls {
    public static void main(String[] args) throws Exception {
        int factors = Integer.parseInt(args[1]);
        SparkSession spark = SparkSession.builder().appName("als").master("local[" + args[2] + "]").config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", args[2]).config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] cells = line.split(",");
            rows.add(RowFactory.create(Integer.parseInt(cells[0]), Integer.parseInt(cells[1]), Float.parseFloat(cells[2])));
        }
        StructType type = new StructType().add("user", DataTypes.IntegerType).add("item", DataTypes.IntegerType).add("rating", DataTypes.FloatType);
        Dataset<Row> ratings = spark.createDataFrame(rows, type).cache();
        ratings.count();
        int blocks = Integer.parseInt(args[2]);
        fit(ratings, factors, 2, blocks);
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < 3; i++) {
            double few = fit(ratings, factors, 2, blocks);
            double many = fit(ratings, factors, 10, blocks);
            best = Math.min(best, (many - few) / 8);
        }
        System.out.printf(Locale.ROOT, "Spark MLlib\tals step, k = %d\t%.4f%n", factors, best);
        spark.stop();
    }

    private static double fit(Dataset<Row> ratings, int factors, int iterations, int blocks) {
        ALS als = new ALS().setUserCol("user").setItemCol("item").setRatingCol("rating").setRank(factors).setMaxIter(iterations).setRegParam(1e-4)
                .setNumBlocks(blocks).setSeed(1);
        long begin = System.nanoTime();
        als.fit(ratings);
        return (System.nanoTime() - begin) * 1e-9;
    }
}
