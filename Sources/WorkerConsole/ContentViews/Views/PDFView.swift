import ChildProcesses
import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// The text of a PDF by poppler's `pdftotext`, where that is installed; without it what its beginning and end say.
package struct PDFView: ContentView {
    package let id = "pdf"
    package let name = Phrase("PDF", "PDF")

    /// A larger file is not handed to the program.
    private static let inputLimit = 33_554_432
    private static let outputLimit = 4_194_304
    private static let timeLimit = Duration.seconds(10)
    /// Memory in KiB and seconds of processor time that the program gets: what it reads is hostile.
    private static let script = "ulimit -v 1048576; ulimit -t 10; exec \"$0\" -q -enc UTF-8 -l 200 - -"

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        ByteReader(sample.bytes).has("%PDF-", at: 0) ? .certain : .no
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let language = input.options.language
        var lines = try await self.facts(input)
        guard let program = input.options.pdfToText else {
            lines.append(ContentLine([TextRun(ContentPhrases.pdfNeedsProgram(language), .dim)]))
            return input.document(self, MemorySource([]), FixedLayout(lines))
        }
        let bytes = try await input.bytes.all(at: 0, count: Self.inputLimit + 1)
        guard bytes.count <= Self.inputLimit else {
            let text = ContentPhrases.pdfTooLarge(language, Format.binaryBytes(Int64(Self.inputLimit)))
            lines.append(ContentLine([TextRun(text, .warning)]))
            return input.document(self, MemorySource([]), FixedLayout(lines))
        }
        let (text, problem, isCut) = try await Self.text(of: bytes, program: program)
        if let problem {
            lines.append(ContentLine([TextRun(problem(language), .warning)]))
            return input.document(self, MemorySource([]), FixedLayout(lines))
        }
        // Pages end with a form feed.
        let pages = text.map { $0 == 0x0C ? 0x0A : $0 }
        let shown = try await RedactedSource.open(
            MemorySource(pages, isCut: isCut), input.options.redaction, type: "text/plain")
        lines.append(ContentLine([]))
        return input.document(self, shown, FixedLayout(lines, then: LinesLayout(PlainStyle())))
    }

    private static func text(
        of bytes: [UInt8], program: String
    ) async throws(ContentError) -> (text: [UInt8], problem: Phrase?, isCut: Bool) {
        let process = ChildProcess(
            executable: "/bin/sh", arguments: ["-c", Self.script, program], environment: ["LC_ALL": "C.UTF-8"])
        do throws(ChildProcess.Failure) {
            let output = try await process.run(
                input: bytes, outputLimit: Self.outputLimit, timeLimit: Self.timeLimit)
            guard output.ending == .exited(code: 0) else { return ([], ContentPhrases.pdfFailed, false) }
            return (output.bytes, output.bytes.isEmpty ? ContentPhrases.pdfNoText : nil, output.isCut)
        } catch {
            if error == .cancelled { throw ContentError(.cancelled) }
            return ([], error == .timedOut ? ContentPhrases.pdfTimedOut : ContentPhrases.pdfFailed, false)
        }
    }

    /// Version, pages as far as they stand uncompressed, and whether a password is needed.
    private func facts(_ input: ContentInput) async throws(ContentError) -> [ContentLine] {
        let language = input.options.language
        let version = input.sample.bytes.dropFirst(5).prefix(3).filter { $0.isDigit || $0 == UInt8(ascii: ".") }
        var facts: [(Phrase, String)] = [(ContentPhrases.format, "PDF \(version.text)")]
        if let size = input.bytes.size { facts.append((ContentPhrases.size, Format.bytes(Int64(size)))) }
        let size = input.bytes.size ?? input.sample.bytes.count
        let tail = try await input.bytes.all(at: max(0, size - 65_536), count: 65_536)
        var pages: Int?
        for part in [input.sample.bytes, tail] {
            for found in part.ranges(of: Array("/Count".utf8)).prefix(64) {
                let digits = part[found.upperBound...].drop { $0.isSpace }.prefix(8).prefix { $0.isDigit }
                if let count = Int(digits.text) { pages = max(pages ?? 0, count) }
            }
        }
        if let pages { facts.append((ContentPhrases.pdfPages, Format.count(pages))) }
        if [input.sample.bytes, tail].contains(where: { $0.firstRange(of: Array("/Encrypt".utf8)) != nil }) {
            facts.append((ContentPhrases.protection, ContentPhrases.encrypted(language)))
        }
        return ContentNotes.facts(facts, language)
    }
}
