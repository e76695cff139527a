import Testing
import WorkerDomain

@Suite("TransferMeter")
struct TransferMeterTests {
    @Test("bytes that were there before count for how far it is, and not for the rate")
    func resumed() {
        let meter = TransferMeter()
        let start = ContinuousClock.now
        meter.expect(objects: 2, bytes: 4_000)
        #expect(meter.progress(at: start).bytesPerSecond == nil)
        meter.begin("a")
        meter.move(to: 1_000)
        meter.move(to: 2_000)
        var progress = meter.progress(at: start + .seconds(1))
        #expect(progress.bytes == 2_000 && progress.totalBytes == 4_000 && progress.bytesPerSecond == 1_000)
        meter.finish(bytes: 2_000)
        meter.begin("b")
        meter.move(to: 0)
        meter.move(to: 500)
        progress = meter.progress(at: start + .seconds(2))
        #expect(progress.name == "b" && progress.objects == 1 && progress.bytes == 2_500)
        #expect(progress.bytesPerSecond == 750)
        meter.fail()
        #expect(meter.progress(at: start + .seconds(2)).bytes == 2_000)
    }

    @Test("a rate is that of the last seconds: what stands still has none")
    func rate() {
        let meter = TransferMeter()
        let start = ContinuousClock.now
        meter.begin("a")
        meter.move(to: 0)
        for second in 0..<10 {
            meter.move(to: Int64(min(second, 3)) * 1_000)
            _ = meter.progress(at: start + .seconds(second))
        }
        #expect(meter.progress(at: start + .seconds(10)).bytesPerSecond == 0)
    }
}
