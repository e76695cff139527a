import TerminalCanvas
import Widgets
import WorkerDomain

/// The files of a tar archive, whose contents are left out.
struct TarLayout: StreamLayout {
    private let options: ContentOptions
    private let base: any ByteSource
    private var hasHeading = false
    /// The name of the next file, where it is too long for its header.
    private var longName: [UInt8]?
    private(set) var isFinished = false

    init(_ options: ContentOptions, base: any ByteSource) {
        self.options = options
        self.base = base
    }

    mutating func layOut(_ window: ContentWindow, into sink: inout LineSink) -> Int {
        if sink.isFull { return 0 }
        let form = ArchiveEntryLine(options: self.options)
        if !self.hasHeading {
            sink.add(form.heading([ContentPhrases.size]))
            self.hasHeading = true
            return 0
        }
        let bytes = window.bytes
        if bytes.count < TarHeader.size, !window.isLast { return 0 }
        guard let header = TarHeader(bytes) else {
            if !bytes.isEmpty {
                sink.add(
                    ContentLine(
                        [TextRun(ContentPhrases.badHeader(self.options.language), .warning)], offset: window.offset))
            }
            self.isFinished = true
            return bytes.count
        }
        if header.isEnd {
            self.isFinished = true
            return bytes.count
        }
        let (blocks, overflow) = ((header.size + 511) / 512).multipliedReportingOverflow(by: 512)
        if overflow || header.size < 0 {
            self.isFinished = true
            return bytes.count
        }
        switch header.kind {
        case UInt8(ascii: "L"), UInt8(ascii: "x"):
            let wanted = min(header.size, 16_384)
            if bytes.count < TarHeader.size + wanted, !window.isLast { return 0 }
            let content = bytes.dropFirst(TarHeader.size).prefix(wanted)
            self.longName =
                header.kind == UInt8(ascii: "L")
                ? Array(content.prefix { $0 != 0 }) : Self.path(content) ?? self.longName
        case UInt8(ascii: "g"), UInt8(ascii: "K"): break
        default:
            let name = self.longName ?? header.name
            self.longName = nil
            let isFolder = header.kind == UInt8(ascii: "5")
            let start = window.offset + TarHeader.size
            let isFile = header.kind == UInt8(ascii: "0") || header.kind == 0
            let (end, tooFar) = start.addingReportingOverflow(header.size)
            let item =
                isFile && !tooFar
                ? ContentItem(SliceSource(self.base, start..<end), name: form.name(name)) : nil
            sink.add(
                form.line(
                    [isFolder ? "" : Format.bytes(Int64(header.size))],
                    name: isFolder && name.last != UInt8(ascii: "/") ? name + [UInt8(ascii: "/")] : name,
                    offset: window.offset, item: item))
        }
        let (used, tooFar) = blocks.addingReportingOverflow(TarHeader.size)
        if tooFar || window.offset.addingReportingOverflow(used).overflow {
            self.isFinished = true
            return bytes.count
        }
        return used
    }

    /// The record `path` of a pax header: `27 path=…`, its length first.
    private static func path(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var rest = bytes
        while let blank = rest.prefix(20).firstIndex(of: 0x20),
            let length = Int(rest[..<blank].text), length > blank - rest.startIndex + 1, length <= rest.count
        {
            let record = rest[(blank + 1)..<(rest.startIndex + length)]
            if record.starts(with: Array("path=".utf8)) { return Array(record.dropFirst(5).dropLast()) }
            rest = rest.dropFirst(length)
        }
        return nil
    }
}
