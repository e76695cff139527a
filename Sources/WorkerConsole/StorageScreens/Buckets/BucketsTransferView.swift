import ConsoleUI
import TerminalCanvas
import WorkerDomain

/// The line that says how far a transfer is, or how it ended.
struct BucketsTransferView {
    private let transfer: BucketsTransfer
    private let hasUndo: Bool
    private let world: World
    private var language: Language { self.world.language }

    /// Cells of the bar.
    private static let barColumns = 12

    init(_ transfer: BucketsTransfer, hasUndo: Bool, _ world: World) {
        self.transfer = transfer
        self.hasUndo = hasUndo
        self.world = world
    }

    /// Nothing has been transferred: there is no line.
    var spans: [Span] {
        switch self.transfer.phase {
        case nil: []
        case .running: self.running
        case .stopped:
            [
                self.transfer.kind == .save
                    ? Span(BucketsTransferPhrases.stoppedSave(self.language), .warning)
                    : Span(
                        BucketsTransferPhrases.stopped(
                            self.language, BucketsTransferPhrases.doing(self.transfer.kind)(self.language)), .warning)
            ]
        case .failed(let error):
            [Span("\(self.language.text(error.operation)): \(self.language.text(error.reason))", .failure)]
        case .done(let outcome): self.done(outcome)
        }
    }

    func draw(into canvas: inout Canvas, in rect: Rect) {
        let glyphs = canvas.glyphs.glyphs
        let spans = self.spans.map { Span(Pane.marked($0.text, glyphs), $0.role) }
        Pane.write(spans, to: &canvas, row: rect.row, column: rect.column + 1, columns: rect.columns - 2)
    }

    private var running: [Span] {
        let progress = self.transfer.progress
        let language = self.language
        var spans = [Span(BucketsTransferPhrases.doing(self.transfer.kind)(language), .active)]
        if let total = progress.totalBytes {
            let share = total > 0 ? Double(progress.bytes) / Double(total) : 0
            let full = max(0, min(Self.barColumns, Int(share * Double(Self.barColumns))))
            let bar = String(repeating: "█", count: full) + String(repeating: "░", count: Self.barColumns - full)
            spans.append(Span(" \(bar)", .active))
            let amount = BucketsTransferPhrases.progress(
                language, ScreenFormat.bytes(progress.bytes), ScreenFormat.bytes(total))
            spans.append(Span(" \(Int(share * 100)) % · \(amount)"))
        } else {
            spans.append(Span(" · \(ScreenFormat.bytes(progress.bytes))"))
        }
        if let rate = progress.bytesPerSecond {
            spans.append(Span(" · \(BucketsTransferPhrases.rate(language, ScreenFormat.bytes(rate)))"))
        }
        if let total = progress.totalObjects, total > 1 {
            let number = ScreenFormat.count(min(total, progress.objects + 1))
            spans.append(
                Span(" · \(BucketsTransferPhrases.progressObjects(language, number, ScreenFormat.count(total)))"))
        }
        let cancel = self.world.keymap.shown("buckets.cancel", usually: .character("c"))
        spans.append(Span(" · \(BucketsTransferPhrases.cancelHint(language, cancel))", .key))
        spans.append(Span(" · \(progress.name)", .dim))
        return spans
    }

    private func done(_ outcome: TransferOutcome) -> [Span] {
        let language = self.language
        let done = BucketsTransferPhrases.done(self.transfer.kind)(
            language, ScreenFormat.count(outcome.objects), ScreenFormat.bytes(outcome.bytes))
        var spans = [Span(done, outcome.failed == 0 ? .ok : .plain)]
        if !outcome.place.isEmpty { spans.append(Span(" → \(outcome.place)")) }
        if outcome.verified > 0 {
            let count = ScreenFormat.count(outcome.verified)
            spans.append(Span(" · \(BucketsTransferPhrases.verifiedCount(language, count))", .ok))
        }
        if outcome.resumed > 0 {
            spans.append(
                Span(" · \(BucketsTransferPhrases.resumedCount(language, ScreenFormat.count(outcome.resumed)))"))
        }
        for verdict in outcome.verdicts {
            let field = BucketsFields.verdict(verdict, language)
            spans.append(Span(" · \(verdict.name) \(field.value)", field.role))
        }
        if let first = outcome.failures.first {
            let text = BucketsTransferPhrases.failedCount(
                language, ScreenFormat.count(outcome.failed), "\(first.key): \(language.text(first.reason))")
            spans.append(Span(" · \(text)", .failure))
        }
        if self.transfer.kind == .remove, self.hasUndo {
            let undo = self.world.keymap.shown("buckets.undo", usually: .character("u"))
            spans.append(Span(" · \(BucketsTransferPhrases.undoHint(language, undo))", .key))
        }
        return spans
    }
}
