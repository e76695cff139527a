import TerminalCanvas
import Widgets
package import WorkerDomain

/// The header of a SQLite database (sqlite.org/fileformat2.html, section 1.3).
package struct DatabaseFileView: ContentView {
    package let id = "sqlite"
    package let name = Phrase("SQLite", "SQLite")

    private static let magic = "SQLite format 3\0"

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        ByteReader(sample.bytes).has(Self.magic, at: 0) ? .certain : .no
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let language = input.options.language
        let lines = Self.lines(ByteReader(Array(input.sample.bytes.prefix(100))), size: input.bytes.size, language)
        return input.document(self, input.bytes, FixedLayout(lines))
    }

    static func lines(_ header: ByteReader, size: Int?, _ language: Language) -> [ContentLine] {
        var facts: [(Phrase, String)] = []
        func number(_ phrase: Phrase, _ offset: Int, _ count: Int = 4) {
            if let value = header.big(offset, count) { facts.append((phrase, Format.count(value))) }
        }
        // 1 stands for 65,536.
        let pageSize = header.big(16, 2).map { $0 == 1 ? 65_536 : $0 }
        if let pageSize { facts.append((ContentPhrases.pageSize, Format.binaryBytes(Int64(pageSize)))) }
        number(ContentPhrases.pages, 28)
        number(ContentPhrases.freePages, 36)
        if let encoding = header.big(56, 4) {
            let name = [1: "UTF-8", 2: "UTF-16 LE", 3: "UTF-16 BE"][encoding] ?? "\(encoding)"
            facts.append((ContentPhrases.encoding, name))
        }
        if let version = header.byte(18) {
            facts.append((ContentPhrases.journal, version == 2 ? "WAL" : ContentPhrases.rollback(language)))
        }
        number(ContentPhrases.schemaVersion, 40)
        number(ContentPhrases.userVersion, 60)
        if let application = header.big(68, 4), application != 0 {
            facts.append((ContentPhrases.applicationID, "0x" + String(application, radix: 16)))
        }
        if let version = header.big(96, 4), version > 0 {
            let text = "\(version / 1_000_000).\(version / 1_000 % 1_000).\(version % 1_000)"
            facts.append((ContentPhrases.writtenBy, "SQLite \(text)"))
        }
        var lines = ContentNotes.facts(facts, language)
        if let pageSize, let pages = header.big(28, 4), let size, pages > 0,
            pageSize.multipliedReportingOverflow(by: pages).partialValue > size
        {
            lines.append(ContentLine([TextRun(ContentPhrases.tooShort(language), .warning)]))
        }
        if header.bytes.count < 100 {
            lines.append(ContentLine([TextRun(ContentPhrases.tooShort(language), .warning)]))
        }
        return lines
    }
}
