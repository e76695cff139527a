import LocalState
import WorkerDomain

/// What the demo's buckets hold.
enum DemoObjects {
    /// 2025-12-23T02:00:00Z, and one minute later for each object.
    private static func time(_ minute: Int) -> WallTime {
        WallTime(millisecondsSinceEpoch: 1_766_455_200_000 + Int64(minute) * 60_000)
    }

    static func uploads() -> [MiniflareStateWriter.Object] {
        let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        var files: [(key: String, type: String, parts: [[UInt8]])] = [
            ("张三-简历.pdf", "application/pdf", [DemoFiles.pdf(line: "Zhang San - Resume")]),
            ("avatars/u_88.png", "image/png", [DemoFiles.png(side: 64, tint: 128)]),
            ("avatars/二〇二五/头像.png", "image/png", [DemoFiles.png(side: 32, tint: 220)]),
            ("forms/profile.json", "application/json", [Array(#"{"姓名":"张三","skills":["Swift","Python"]}"#.utf8)]),
            ("forms/空文件.txt", "text/plain; charset=utf-8", [[]]),
            (
                "hostile/\u{1B}[31mred\u{202E}gpj.exe\u{7}\nnew-line", "application/octet-stream",
                [[0, 1, 2, 0x1B, 0xFF]]
            ),
        ]
        // Parts of a multipart upload have 5 MiB at least, the last one aside.
        let part = [UInt8](repeating: 0x61, count: 5 << 20)
        files.append(("video/自我介绍.mp4", "video/mp4", [part, Array("end of the recording".utf8)]))
        for (index, person) in DemoDatabase.people.enumerated() {
            let day = index % 28 + 1
            let folder = "resumes/2025/12/\(day < 10 ? "0" : "")\(day)/\(person)"
            files.append(("\(folder)/简历.pdf", "application/pdf", [DemoFiles.pdf(line: "Resume \(index + 1)")]))
            if index % 2 == 0 {
                files.append(("\(folder)/简历.docx", word, [DemoFiles.docx(lines: [person, "工作经历", "教育背景"])]))
            }
            if index % 3 == 0 {
                files.append(
                    ("\(folder)/证件照.png", "image/png", [DemoFiles.png(side: 24, tint: UInt8(index * 5 % 256))]))
            }
        }
        return files.enumerated().map { index, file in
            MiniflareStateWriter.Object(
                key: file.key, parts: file.parts, http: ObjectHTTPMetadata(contentType: file.type),
                custom: file.key.hasPrefix("resumes/") ? ["uploader": "u\(index)"] : [:], uploadedAt: self.time(index))
        }
    }

    static func exports() -> [MiniflareStateWriter.Object] {
        let rows = [["编号", "姓名", "城市"]] + DemoDatabase.people.enumerated().map { ["\($0 + 1)", $1, "上海, \"浦东\""] }
        let json = "[" + DemoDatabase.people.map { #"{"name":"\#($0)"}"# }.joined(separator: ",") + "]"
        var objects: [MiniflareStateWriter.Object] = []
        for month in 7...12 {
            let folder = "2025/\(month < 10 ? "0" : "")\(month)"
            let csv = DemoFiles.csv(rows)
            let files = [
                ("\(folder)/简历汇总.csv", "text/csv; charset=utf-8", csv),
                ("\(folder)/resumes.json", "application/json", Array(json.utf8)),
                (
                    "\(folder)/全部.zip", "application/zip",
                    DemoFiles.zip([("简历汇总.csv", csv), ("resumes.json", Array(json.utf8))])
                ),
            ]
            for (key, type, bytes) in files {
                objects.append(
                    MiniflareStateWriter.Object(
                        key: key, parts: [bytes], http: ObjectHTTPMetadata(contentType: type),
                        uploadedAt: self.time(objects.count * 600)))
            }
        }
        return objects
    }
}
