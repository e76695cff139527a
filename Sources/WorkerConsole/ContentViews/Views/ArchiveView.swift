import TerminalCanvas
import TextSafety
import Widgets
package import WorkerDomain

/// What an archive holds: zip with all that is built on it, and tar.
package struct ArchiveView: ContentView {
    package let id = "archive"
    package let name = ContentPhrases.archiveView
    package let isArranged = true

    package init() {}

    package func fit(_ sample: ContentSample) -> ContentFit {
        if Self.isZip(sample.bytes) || TarHeader.isTar(sample.bytes) { return .certain }
        return .no
    }

    static func isZip(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0x50, 0x4B, 0x05, 0x06])
    }

    package func open(_ input: ContentInput) async throws(ContentError) -> ContentDocument {
        let options = input.options
        guard Self.isZip(input.sample.bytes) else {
            return input.document(self, input.bytes, TarLayout(options, base: input.bytes))
        }
        if let size = try await input.bytes.measuredSize(limit: options.decodedLimit),
            let directory = try await ZipDirectory.find(in: input.bytes, size: size)
        {
            let slice = SliceSource(input.bytes, directory.range)
            return input.document(self, slice, ZipLayout(directory, options, archive: input.bytes))
        }
        return input.document(self, input.bytes, ZipLocalLayout(options))
    }
}

/// A file of an archive in one line.
struct ArchiveEntryLine {
    let options: ContentOptions

    func heading(_ sizes: [Phrase]) -> ContentLine {
        let language = self.options.language
        let text = sizes.map { Pad.left($0(language), 10) }.joined() + "  " + ContentPhrases.fileName(language)
        return ContentLine([TextRun(text, .heading)])
    }

    func line(
        _ columns: [String], name: [UInt8], notes: [String] = [], offset: Int, item: ContentItem? = nil
    ) -> ContentLine {
        let shown = self.name(name)
        var notes = notes
        if Self.leavesFolder(name) { notes.append(ContentPhrases.leavesFolder(self.options.language)) }
        var runs = [
            TextRun(columns.map { Pad.left($0, 10) }.joined() + "  ", .number),
            TextRun(shown, name.last == UInt8(ascii: "/") ? .name : .plain),
        ]
        if !notes.isEmpty { runs.append(TextRun("  ▲ " + notes.joined(separator: " · "), .warning)) }
        return ContentLine(runs, offset: offset, path: shown, item: item)
    }

    /// A name as it may be shown: one line, decoded, without secrets.
    func name(_ bytes: [UInt8]) -> String {
        let text = TextEncoding.decoded(Array(bytes.prefix(2_048)))
        return ControlCharacters.areIn(text)
            ? self.options.redaction.target(String(ControlCharacters.json(text).dropFirst().dropLast()))
            : self.options.redaction.target(text)
    }

    /// True for a name that a careless program would unpack outside of the folder.
    static func leavesFolder(_ name: [UInt8]) -> Bool {
        let parts = name.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
        let isDrive = name.count > 1 && name[0].isLetter && name[1] == UInt8(ascii: ":")
        return parts.first?.isEmpty == true && !name.isEmpty || isDrive
            || parts.contains { $0.elementsEqual("..".utf8) }
    }
}
