import Testing

@testable import Application

@Suite("File names of keys")
struct SafeNameTests {
    static let cases: [(key: String, path: [String])] = [
        ("a.txt", ["a.txt"]), ("a/b/c", ["a", "b", "c"]), ("简历/张三.pdf", ["简历", "张三.pdf"]),
        ("..", ["%2E%2E"]), ("../../etc/passwd", ["%2E%2E", "%2E%2E", "etc", "passwd"]), (".", ["%2E"]),
        ("/etc/passwd", ["%2Fetc", "passwd"]), ("a//b", ["a", "%2Fb"]), ("folder/", ["folder%2F"]),
        ("nul\0byte", ["nul%00byte"]), ("line\nfeed", ["line%0Afeed"]), ("\u{1b}[31m", ["%1B[31m"]),
        ("a%2Fb", ["a%252Fb"]), ("100%", ["100%"]), ("100%zz", ["100%zz"]), ("con.txt", ["%63on.txt"]),
        ("NUL", ["%4EUL"]), ("console", ["console"]), ("back\\slash", ["back%5Cslash"]), ("dot.", ["dot%2E"]),
        ("end ", ["end%20"]), ("///", ["%2F", "%2F"]), ("", []), (".hidden", [".hidden"]), ("...", ["%2E%2E%2E"]),
    ]

    @Test("no key leads out of its folder", arguments: cases)
    func names(item: (key: String, path: [String])) {
        #expect(SafeName.path(of: item.key) == item.path)
        for name in SafeName.path(of: item.key) {
            #expect(name != "." && name != ".." && !name.contains("/") && !name.utf8.contains(0))
        }
    }

    @Test("two keys never have one path, and long ones are cut between characters")
    func distinct() {
        var keys = Self.cases.map(\.key) + ["%2E%2E", "%252E", "a%b", "a%25b", "%2Fetc/passwd", "%63on.txt", "a/%2Fb"]
        keys += [String(repeating: "x", count: 300), String(repeating: "x", count: 301)]
        keys += [String(repeating: "简", count: 341), String(repeating: "简", count: 340) + "历"]
        // Keys that are called as the files of others are.
        keys += keys.suffix(4).flatMap { SafeName.path(of: $0) }
        let paths = keys.map { SafeName.path(of: $0).joined(separator: "/") }
        #expect(Set(paths).count == keys.count)
        for path in paths {
            for name in path.split(separator: "/") { #expect(name.utf8.count <= 255) }
            #expect(!path.unicodeScalars.contains("\u{FFFD}"))
        }
    }
}
