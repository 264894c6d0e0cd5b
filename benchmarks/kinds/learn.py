"""PCA, k-means, t-SNE and alternating least squares beside scikit-learn, Rtsne and Spark MLlib. Run by benchmarks/compare."""
import os
import shutil
import tempfile
import sides

n = sides.threads()
ours = sides.gradus('learn', n)
others = sides.peers([sides.PYTHON, sides.PEERS + '/learn/scikit.py', sides.TEST_IMAGES, str(n)])
if shutil.which('Rscript'):
    others.update(sides.peers(['Rscript', sides.PEERS + '/learn/rtsne.R', sides.TEST_IMAGES, str(n)]))
command = sides.java('spark', 'SparkAls.java')
if command:
    with tempfile.TemporaryDirectory() as folder:
        ratings = os.path.join(folder, 'ratings.csv')
        sides.lines([os.path.join(sides.ROOT, 'gradus'), 'run', sides.PEERS + '/learn/WriteRatings.java', '--out', folder])
        # Spark reaches into java.base, and Hadoop in it calls what JDK 24 took away: SPARK_JAVA names a JDK 17 or 21.
        opens = ['--add-opens=java.base/' + p + '=ALL-UNNAMED' for p in ('java.lang', 'java.lang.invoke', 'java.lang.reflect', 'java.io', 'java.net', 'java.nio',
                 'java.util', 'java.util.concurrent', 'java.util.concurrent.atomic', 'sun.nio.ch', 'sun.nio.cs', 'sun.security.action', 'sun.util.calendar')]
        others.update(sides.peers(sides.java('spark', 'SparkAls.java', ratings, 100, n, options=opens, jdk=os.environ.get('SPARK_JAVA', 'java'))))
sides.table(f'seconds, {n} threads; in brackets: times ours', ours, others)
