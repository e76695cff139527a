import WorkerDomain

/// Small files of real types, made in code: each opens in the program that it is for.
enum DemoFiles {
    /// A PDF 1.4 of one page with one line of text: printable ASCII without parentheses and backslashes.
    static func pdf(line: String) -> [UInt8] {
        let content = "BT /F1 18 Tf 72 720 Td (\(line)) Tj ET"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                + "/Resources << /Font << /F1 5 0 R >> >> >>",
            "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ]
        var text = "%PDF-1.4\n"
        var offsets: [Int] = []
        for (index, object) in objects.enumerated() {
            offsets.append(text.utf8.count)
            text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = text.utf8.count
        text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
        for offset in offsets {
            let digits = String(offset)
            text += String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n"
        }
        text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array(text.utf8)
    }

    /// A PNG in true colour: a gradient, in stored zlib blocks (RFC 1950, RFC 1951 section 3.2.4).
    ///
    /// `side` is in pixels, 1 to 255; `tint` is the blue of every pixel.
    static func png(side: Int, tint: UInt8) -> [UInt8] {
        var pixels: [UInt8] = []
        for row in 0..<side {
            pixels.append(0)
            for column in 0..<side { pixels += [UInt8(row * 255 / side), UInt8(column * 255 / side), tint] }
        }
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        while start < pixels.count {
            let count = min(65_535, pixels.count - start)
            stream.append(start + count == pixels.count ? 1 : 0)
            stream += Self.little(UInt64(count), 2) + Self.little(UInt64(~UInt16(count)), 2)
            stream += pixels[start..<start + count]
            start += count
        }
        var low: UInt32 = 1
        var high: UInt32 = 0
        for byte in pixels {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        stream += Self.little(UInt64(high << 16 | low), 4).reversed()
        func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
            let body = Array(type.utf8) + data
            return Self.little(UInt64(data.count), 4).reversed() + body
                + Self.little(UInt64(Self.crc32(body)), 4).reversed()
        }
        let size = Array(Self.little(UInt64(side), 4).reversed())
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", size + size + [8, 2, 0, 0, 0])
            + chunk("IDAT", stream) + chunk("IEND", [])
    }

    /// A Word document with one paragraph a line.
    static func docx(lines: [String]) -> [UInt8] {
        let declaration = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#
        let formats = "http://schemas.openxmlformats.org"
        let types = """
            \(declaration)<Types xmlns="\(formats)/package/2006/content-types">\
            <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
            <Override PartName="/word/document.xml" ContentType=\
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>
            """
        let relations = """
            \(declaration)<Relationships xmlns="\(formats)/package/2006/relationships">\
            <Relationship Id="r1" Target="word/document.xml" Type=\
            "\(formats)/officeDocument/2006/relationships/officeDocument"/></Relationships>
            """
        let paragraphs = lines.map { "<w:p><w:r><w:t>\($0)</w:t></w:r></w:p>" }.joined()
        let document = """
            \(declaration)<w:document xmlns:w="\(formats)/wordprocessingml/2006/main"><w:body>\(paragraphs)</w:body>\
            </w:document>
            """
        return Self.zip([
            ("[Content_Types].xml", Array(types.utf8)), ("_rels/.rels", Array(relations.utf8)),
            ("word/document.xml", Array(document.utf8)),
        ])
    }

    /// A ZIP archive whose members are stored, not compressed (APPNOTE.TXT 4.3).
    static func zip(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var archive: [UInt8] = []
        var directory: [UInt8] = []
        for (name, bytes) in members {
            let size = Self.little(UInt64(bytes.count), 4)
            // Version 2.0, names in UTF-8, stored, 2025-12-23 00:00.
            var fields = Self.little(20, 2) + Self.little(0x0800, 2) + Self.little(0, 4)
            fields += Self.little(UInt64((2025 - 1980) << 9 | 12 << 5 | 23), 2)
            fields += Self.little(UInt64(Self.crc32(bytes)), 4) + size + size
            fields += Self.little(UInt64(name.utf8.count), 2) + Self.little(0, 2)
            directory += [0x50, 0x4B, 1, 2] + Self.little(20, 2) + fields + Self.little(0, 10)
            directory += Self.little(UInt64(archive.count), 4) + Array(name.utf8)
            archive += [0x50, 0x4B, 3, 4] + fields + Array(name.utf8) + bytes
        }
        let count = Self.little(UInt64(members.count), 2)
        let end = [0x50, 0x4B, 5, 6] + Self.little(0, 4) + count + count
        return archive + directory + end + Self.little(UInt64(directory.count), 4)
            + Self.little(UInt64(archive.count), 4) + [0, 0]
    }

    /// Rows with a byte order mark and CRLF, as spreadsheets want it.
    static func csv(_ rows: [[String]]) -> [UInt8] {
        let lines = rows.map { row in
            row.map { $0.quoted("\"") }.joined(separator: ",") + "\r\n"
        }
        return [0xEF, 0xBB, 0xBF] + Array(lines.joined().utf8)
    }

    private static func little(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) : 0 }
    }

    /// The checksum of PNG and ZIP.
    static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = .max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
