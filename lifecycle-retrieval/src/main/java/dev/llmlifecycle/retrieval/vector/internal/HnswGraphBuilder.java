package dev.llmlifecycle.retrieval.vector.internal;

import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import com.github.jelmerk.hnswlib.core.DistanceFunction;
import com.github.jelmerk.hnswlib.core.Item;
import com.github.jelmerk.hnswlib.core.ObjectSerializer;
import com.github.jelmerk.hnswlib.core.hnsw.HnswIndex;

/**
 * Builds the graph of a segment with hnswlib-core and freezes it into flat arrays, rows that are near in the graph near
 * in memory.
 *
 * <p>Levels are drawn by the library and cannot be seeded, so that two builds differ; their recall does not. Beside the
 * rows a build needs about 900 bytes a row at 16 links: the library's nodes, their saved form, and the arrays.
 */
public final class HnswGraphBuilder {

    private static final int SAVED_BYTES_FOR_EACH_ROW = 160;

    private final Metric metric;
    private final VectorMath math;
    private final int links;
    private final int width;

    /**
     * Sets what graphs are like.
     *
     * @param metric what is near
     * @param math the inner loops
     * @param links neighbours of a row on each level, twice as many on level 0 (M)
     * @param width near rows kept in sight while a row is put in (efConstruction)
     */
    public HnswGraphBuilder(Metric metric, VectorMath math, int links, int width) {
        this.metric = metric;
        this.math = math;
        this.links = links;
        this.width = width;
    }

    /** A graph, and the order of the rows that it is over. */
    public static final class Ordered {

        private final HeapGraph graph;
        private final int[] order;

        private Ordered(HeapGraph graph, int[] order) {
            this.graph = graph;
            this.order = order;
        }

        /** Returns the graph over the rows in their new order. */
        public HeapGraph graph() {
            return graph;
        }

        /** Returns for each new ordinal the old one. */
        public int[] order() {
            return order;
        }
    }

    /**
     * Builds a graph, or gives up when it is no longer wanted.
     *
     * @param rows the vectors, each padded; not changed meanwhile
     * @param size how many, at least one
     * @param dimension numbers of a vector
     * @param workers who build
     * @param wanted asked before each row
     */
    public Optional<Ordered> build(float[] rows, int size, int dimension, Workers workers, BooleanSupplier wanted) {
        HnswIndex<Integer, Row, Row, Float> index = HnswIndex.newBuilder(
                        dimension, new RowDistance(rows, Rows.length(dimension), metric, math), new Rising(), size)
                .withM(links)
                .withEfConstruction(width)
                .withCustomSerializers(new Ordinals(), new RowOrdinals())
                .build();
        boolean all = workers.forEach(size, wanted, ordinal -> index.add(new Row(ordinal, dimension)));
        return all ? Optional.of(freeze(index, size)) : Optional.empty();
    }

    private static Ordered freeze(HnswIndex<Integer, Row, Row, Float> index, int size) {
        HnswStream.Bytes bytes =
                new HnswStream.Bytes((int) Math.min((long) size * SAVED_BYTES_FOR_EACH_ROW + 4096, 1 << 30));
        try {
            index.save(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        HnswStream stream = new HnswStream(bytes, HnswIndex.class.getName());
        // Version and dimension; distance, comparator and two serialisers; capacity, three degrees, a double, two
        // widths and a flag.
        stream.skip(1 + Integer.BYTES);
        for (int i = 0; i < 4; i++) {
            stream.skipObject();
        }
        stream.skip(4 * Integer.BYTES + Double.BYTES + 2 * Integer.BYTES + 1);
        int nodes = stream.readInt();
        // The nodes by id, none removed, and each node.
        int byId = stream.readInt();
        stream.skip(2 * Integer.BYTES * byId);
        int removed = stream.readInt();
        int capacity = stream.readInt();
        if (nodes != size || byId != size || removed != 0 || capacity != size) {
            throw new IllegalStateException("Reading the graph back from hnswlib-core failed: of " + size
                    + " rows it has " + nodes + "; use hnswlib-core 1.2.1");
        }
        int[] rowOfNode = new int[size];
        int[][][] neighbours = new int[size][][];
        for (int node = 0; node < size; node++) {
            stream.readInt();
            int[][] levels = new int[stream.readInt()][];
            for (int level = 0; level < levels.length; level++) {
                levels[level] = new int[stream.readInt()];
                for (int i = 0; i < levels[level].length; i++) {
                    levels[level][i] = stream.readInt();
                }
            }
            neighbours[node] = levels;
            rowOfNode[node] = stream.readInt();
            stream.skip(1);
        }
        return order(neighbours, stream.readInt(), rowOfNode);
    }

    /** Numbers nodes as a breadth-first walk from the entry point comes to them. */
    private static Ordered order(int[][][] neighbours, int entryPoint, int[] rowOfNode) {
        int size = neighbours.length;
        int[] nodes = new int[size];
        int[] ordinals = new int[size];
        Arrays.fill(ordinals, -1);
        int reached = 0;
        int unseen = 0;
        nodes[reached] = entryPoint;
        ordinals[entryPoint] = reached++;
        for (int at = 0; at < size; at++) {
            if (at == reached) {
                while (ordinals[unseen] >= 0) {
                    unseen++;
                }
                nodes[reached] = unseen;
                ordinals[unseen] = reached++;
            }
            for (int neighbour : neighbours[nodes[at]][0]) {
                if (ordinals[neighbour] < 0) {
                    nodes[reached] = neighbour;
                    ordinals[neighbour] = reached++;
                }
            }
        }
        HeapGraph.Level[] levels = new HeapGraph.Level[neighbours[entryPoint].length];
        for (int level = 0; level < levels.length; level++) {
            levels[level] = level(neighbours, level, nodes, ordinals);
        }
        int[] order = new int[size];
        Arrays.setAll(order, ordinal -> rowOfNode[nodes[ordinal]]);
        return new Ordered(new HeapGraph(ordinals[entryPoint], levels), order);
    }

    private static HeapGraph.Level level(int[][][] neighbours, int level, int[] nodes, int[] ordinals) {
        int rows = 0;
        int links = 0;
        for (int[][] levels : neighbours) {
            if (level < levels.length) {
                rows++;
                links += levels[level].length;
            }
        }
        int[] on = new int[level == 0 ? 0 : rows];
        int[] starts = new int[rows + 1];
        int[] flat = new int[links];
        int row = 0;
        int link = 0;
        for (int ordinal = 0; ordinal < nodes.length; ordinal++) {
            int[][] levels = neighbours[nodes[ordinal]];
            if (level < levels.length) {
                if (level > 0) {
                    on[row] = ordinal;
                }
                for (int neighbour : levels[level]) {
                    flat[link++] = ordinals[neighbour];
                }
                starts[++row] = link;
            }
        }
        return new HeapGraph.Level(on, starts, flat);
    }

    /** A row, which is its own vector: the distance reads the numbers where they lie. */
    private static final class Row implements Item<Integer, Row> {

        private static final long serialVersionUID = 1L;

        private final int ordinal;
        private final int dimension;

        Row(int ordinal, int dimension) {
            this.ordinal = ordinal;
            this.dimension = dimension;
        }

        @Override
        public Integer id() {
            return ordinal;
        }

        @Override
        public Row vector() {
            return this;
        }

        @Override
        public int dimensions() {
            return dimension;
        }
    }

    private static final class RowDistance implements DistanceFunction<Row, Float> {

        private static final long serialVersionUID = 1L;

        private final transient float[] rows;
        private final transient int length;
        private final transient Metric metric;
        private final transient VectorMath math;

        RowDistance(float[] rows, int length, Metric metric, VectorMath math) {
            this.rows = rows;
            this.length = length;
            this.metric = metric;
            this.math = math;
        }

        @Override
        public Float distance(Row a, Row b) {
            return -metric.closeness(math, rows, a.ordinal * length, rows, b.ordinal * length, length);
        }
    }

    private static final class Rising implements Comparator<Float>, Serializable {

        private static final long serialVersionUID = 1L;

        @Override
        public int compare(Float a, Float b) {
            return Float.compare(a, b);
        }
    }

    /** Saves the id of a row. */
    private static final class Ordinals implements ObjectSerializer<Integer> {

        private static final long serialVersionUID = 1L;

        @Override
        public void write(Integer ordinal, ObjectOutput output) throws IOException {
            output.writeInt(ordinal);
        }

        @Override
        public Integer read(ObjectInput input) {
            throw new UnsupportedOperationException("graphs are not loaded by hnswlib-core");
        }
    }

    /** Saves of a row only which one it is. */
    private static final class RowOrdinals implements ObjectSerializer<Row> {

        private static final long serialVersionUID = 1L;

        @Override
        public void write(Row row, ObjectOutput output) throws IOException {
            output.writeInt(row.ordinal);
        }

        @Override
        public Row read(ObjectInput input) {
            throw new UnsupportedOperationException("graphs are not loaded by hnswlib-core");
        }
    }
}
