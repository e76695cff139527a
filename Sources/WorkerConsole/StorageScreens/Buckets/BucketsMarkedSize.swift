import ConsoleUI
import WorkerDomain

/// How many bytes are marked, as far as that is known.
struct BucketsMarkedSize: Sendable, Equatable {
    private(set) var bytes: Int64 = 0
    /// Something is still counted.
    private(set) var isCounting = false
    /// Prefixes below which nothing was counted.
    private(set) var uncounted = 0
    private var hasCounted = false

    mutating func add(_ bytes: Int64) {
        let sum = self.bytes.addingReportingOverflow(bytes)
        self.bytes = sum.overflow ? .max : sum.partialValue
        self.hasCounted = true
    }

    mutating func add(_ sum: BucketsSums.Sum?) {
        guard let sum, sum.problem == nil else {
            self.uncounted += 1
            return
        }
        if !sum.isComplete { self.isCounting = true }
        if sum.isComplete || sum.objects > 0 { self.add(sum.bytes) }
    }

    /// What is not known is not said to be 0 B.
    func text(_ language: Language) -> String {
        let known =
            self.hasCounted
            ? (self.isCounting ? "~" : "") + ScreenFormat.bytes(self.bytes)
            : self.isCounting ? BucketsMarkPhrases.counting(language) : nil
        guard self.uncounted > 0 else { return known ?? ScreenFormat.bytes(0) }
        guard let known else { return BucketsMarkPhrases.notCounted(language) }
        return BucketsMarkPhrases.partlyCounted(language, known, ScreenFormat.count(self.uncounted))
    }
}
