import java.util.*;
import java.util.concurrent.*;
import java.util.stream.*;
import java.util.zip.*;

public class Work {
    static long work(int seed) throws Exception {
        CRC32 crc = new CRC32();
        for (int i = 0; i < 200; i++) {
            Deflater deflater = new Deflater();
            byte[] input = new byte[10000 + i * seed], output = new byte[40000];
            Arrays.fill(input, (byte) i);
            deflater.setInput(input);
            deflater.finish();
            crc.update(output, 0, deflater.deflate(output));
            deflater.end();
        }
        return crc.getValue();
    }

    public static void main(String[] arguments) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<Long>> results = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int seed = i;
            results.add(pool.submit(() -> work(seed)));
        }
        for (Future<Long> result : results) System.out.println(result.get());
        pool.shutdown();
        Map<Integer, List<String>> groups = IntStream.range(0, 100000).mapToObj(i -> "item" + i)
            .collect(Collectors.groupingBy(String::length));
        groups.forEach((length, items) -> System.out.println(length + " " + items.size()));
        java.nio.ByteBuffer direct = java.nio.ByteBuffer.allocateDirect(10_000_000);
        for (int i = 0; i < direct.capacity(); i += 4096) direct.put(i, (byte) 1);
        System.out.println(direct.capacity());
    }
}
