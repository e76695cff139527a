import Testing
import Widgets

@Suite("Format")
struct FormatTests {
    @Test(
        "sizes",
        arguments: [
            (0, "0 B"), (812, "812 B"), (999, "999 B"), (1000, "1.0 kB"), (2214, "2.2 kB"), (9949, "9.9 kB"),
            (9950, "10 kB"), (214_000, "214 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (1_288_490_188, "1.3 GB"),
            (Int64.max, "9.2 EB"), (-5, "-5 B"), (Int64.min, "-9.2 EB"),
        ])
    func bytes(count: Int64, expected: String) { #expect(Format.bytes(count) == expected) }

    @Test("binary sizes", arguments: [(1023, "1023 B"), (1024, "1.0 KiB"), (Int64.max, "8.0 EiB")])
    func binaryBytes(count: Int64, expected: String) { #expect(Format.binaryBytes(count) == expected) }

    @Test(
        "counts",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (12_418, "12,418"), (-1234, "-1,234"),
            (Int.min, "-9,223,372,036,854,775,808"),
        ])
    func count(value: Int, expected: String) { #expect(Format.count(value) == expected) }

    @Test(
        "durations",
        arguments: [
            (Duration.zero, "0 ms"), (.nanoseconds(1), "0.1 ms"), (.microseconds(400), "0.4 ms"),
            (.milliseconds(9), "9 ms"),
            (.milliseconds(312), "312 ms"), (.microseconds(999_600), "1.00 s"), (.milliseconds(1250), "1.25 s"),
            (.milliseconds(9996), "10.0 s"), (.milliseconds(12_440), "12.4 s"), (.milliseconds(59_960), "1m00"),
            (.seconds(125), "2m05"), (.seconds(11_220), "3h07"), (.seconds(187_200), "2d04h"),
            (.milliseconds(-5), "-5 ms"),
        ])
    func duration(duration: Duration, expected: String) { #expect(Format.duration(duration) == expected) }

    @Test(
        "rates and shares",
        arguments: [
            (0, "0/s", "0 %"), (0.0001, "<0.1/s", "<0.1 %"), (0.981, "1/s", "98.1 %"), (1, "1/s", "100 %"),
            (0.9999, "1/s", ">99.9 %"), (12.44, "12.4/s", "1,244 %"), (.nan, "—", "—"), (1204, "1,204/s", "120,400 %"),
        ])
    func rates(value: Double, rate: String, percent: String) {
        #expect(Format.rate(value) == rate)
        #expect(Format.percent(value) == percent)
    }
}
