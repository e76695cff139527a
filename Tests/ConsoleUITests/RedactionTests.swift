import Foundation
import TerminalCanvas
import Testing
import TextSafety
import TrafficJournal
import WorkerDomain

@testable import ConsoleUI
@testable import StorageScreens

@Suite struct RedactionTests {
    private static let mask = Redaction.mask

    @Test(
        "secret query values are hidden, a plain key is not unless it looks like a credential",
        arguments: [
            ("/a?key=avatars/u_88.png", "/a?key=avatars/u_88.png"), ("/a?key=notes.md&x=1", "/a?key=notes.md&x=1"),
            ("/a?key=AIzaSyD4c0ffee0123456789", "/a?key=\(mask)"), ("/a?key=9f86d081884c7d659a2f", "/a?key=\(mask)"),
            ("/a?api_key=x&apiKey=y&X-Api-Key=z", "/a?api_key=\(mask)&apiKey=\(mask)&X-Api-Key=\(mask)"),
            ("/a?access_key=1&token=2", "/a?access_key=\(mask)&token=\(mask)"),
            ("/a?X-Amz-Signature=1&sig=2", "/a?X-Amz-Signature=\(mask)&sig=\(mask)"),
            ("/a?password=1&code=2&state=3", "/a?password=\(mask)&code=\(mask)&state=3"),
            ("/a?t%6Fken=1", "/a?t%6Fken=\(mask)"), ("/a?token=", "/a?token="), ("/a?kind=resume", "/a?kind=resume"),
        ])
    func queries(target: String, expected: String) {
        #expect(Redaction.standard.target(target) == expected)
        #expect(Redaction.off.target(target) == target)
    }

    private func body(_ text: String, type: String = "application/json") -> (text: String, hidden: Int) {
        let head = MessageHead(Array("POST / HTTP/1.1\r\nContent-Type: \(type)\r\n\r\n".utf8))
        let masked = Redaction.standard.body(Array(text.utf8), head: head)
        return (String(decoding: masked.bytes, as: UTF8.self), masked.hidden)
    }

    @Test(
        "secrets in JSON are hidden at any depth, cut or escaped, and nothing else changes",
        arguments: [
            (#"{"user":"a","password":"p\"w"}"#, #"{"user":"a","password":"\#(mask)"}"#, 1),
            (
                #"{"a":[{"api_key":"x"},{"Authorization":"Bearer y"}]}"#,
                #"{"a":[{"api_key":"\#(mask)"},{"Authorization":"\#(mask)"}]}"#, 2
            ),
            (
                #"{"tokens":["a","b"],"secret":{"x":"y"}}"#,
                #"{"tokens":["\#(mask)","\#(mask)"],"secret":{"x":"\#(mask)"}}"#, 3
            ),
            (
                #"{"max_tokens":100,"password":1234,"code":10068}"#,
                #"{"max_tokens":100,"password":"\#(mask)","code":10068}"#, 1
            ),
            (#"{"key":"avatars/u.png","token":null}"#, #"{"key":"avatars/u.png","token":null}"#, 0),
            (#"{"\u0070assword":"x"}"#, #"{"\u0070assword":"\#(mask)"}"#, 1),
            (#"{"token":"cut off he"#, #"{"token":"\#(mask)"#, 1),
            ("{\"token\":\"a\"}\n{\"token\":\"b\"}", "{\"token\":\"\(mask)\"}\n{\"token\":\"\(mask)\"}", 2),
            (#"]}{"token":"a"},,:"#, #"]}{"token":"\#(mask)"},,:"#, 1),
        ])
    func json(text: String, expected: String, hidden: Int) {
        let masked = self.body(text)
        #expect(masked.text == expected)
        #expect(masked.hidden == hidden)
    }

    @Test("secrets in forms are hidden, files are not touched")
    func forms() {
        #expect(
            self.body("user=a&password=b", type: "application/x-www-form-urlencoded").text
                == "user=a&password=\(Self.mask)")
        #expect(self.body("client_secret=abc", type: "text/plain").text == "client_secret=\(Self.mask)")
        #expect(self.body("a sentence with token=abc", type: "text/plain").text == "a sentence with token=\(Self.mask)")
        let parts =
            "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nhunter2\r\n"
            + "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"token.txt\"\r\n\r\nabc\r\n--B--\r\n"
        let masked = self.body(parts, type: "multipart/form-data; boundary=B")
        #expect(masked.text == parts.replacing("hunter2", with: Self.mask))
        #expect(masked.hidden == 1)
    }

    @Test("the lists of the configuration are hidden too, in fields, queries and bodies")
    func additions() {
        let redaction = Redaction(extraHeaders: ["X-Tenant"], extraQuery: ["employee_no"])
        #expect(redaction.value("acme", of: "x-tenant") == Self.mask)
        #expect(redaction.target("/a?employee_no=7&b=1") == "/a?employee_no=\(Self.mask)&b=1")
        let head = MessageHead(Array("POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n".utf8))
        let masked = redaction.body(Array(#"{"employeeNo":7}"#.utf8), head: head)
        #expect(String(decoding: masked.bytes, as: UTF8.self) == #"{"employeeNo":"\#(Self.mask)"}"#)
        #expect(Redaction.standard.value("acme", of: "x-tenant") == "acme")
    }

    @Test("a secret of a body is in no picture and no copied command until it is revealed")
    func screens() async {
        var login = Pilot.exchange(
            1, "POST", "/api/login?key=AIzaSyD4c0ffee0123456789", fields: ["Content-Type: application/json"],
            answer: #"{"access_token":"s3cr3t-out"}"#)
        let sent = Array(#"{"user":"alice","password":"s3cr3t-in"}"#.utf8)
        login.requestBody = CapturedBody(bytes: sent, totalBytes: sent.count)
        var model = Pilot.model(columns: 160, rows: 45, screen: .traffic, exchanges: [login])
        func copied() -> String {
            for case .copy(let copied) in model.press("y") { return copied.text }
            return ""
        }
        #expect(!model.picture.contains("s3cr3t"))
        #expect(!model.picture.contains("AIza"))
        await model.send(.enter)
        #expect(!model.picture.contains("s3cr3t-out"))
        #expect(model.picture.contains("redacted: 3") || model.picture.contains("redacted: 4"))
        await model.send("[")
        #expect(!model.picture.contains("s3cr3t-in"))
        #expect(model.picture.contains("alice"))
        #expect(!copied().contains("s3cr3t") && copied().contains("alice"))
        await model.send("*")
        #expect(model.picture.contains("s3cr3t-in"))
        #expect(copied().contains("s3cr3t-in"))
        model.notice = nil
        model.size = Size(columns: 40, rows: 10)
        #expect(model.picture.contains("REVEALED"))
    }
}

@Suite struct ConsoleOptionsTests {
    private func model(_ change: (inout ConsoleOptions) -> Void) -> ConsoleModel {
        let now = Pilot.now
        var options = ConsoleOptions(now: { now })
        change(&options)
        let world = World(language: .english, now: now, status: Pilot.status())
        return ConsoleModel(world: world, options: options, size: Size(columns: 80, rows: 24), catalog: .all)
    }

    @Test("canvases are made of the glyphs of the terminal")
    func glyphs() { #expect(self.model { $0.glyphs = .neutral }.glyphs == .neutral) }

    @Test("mono needs no colour of any cell, and T comes back to colours")
    func mono() async {
        let coloured: Set<Role> = [.ok, .redirect, .warning, .failure, .active, .danger, .match, .name]
        var model = self.model { $0.themes = ["mono", "dark", "light"] }
        _ = model.start()
        #expect(Frame(model: model).draw().cells.allSatisfy { !coloured.contains($0.role) })
        await model.send(.escape)
        await model.send("T")
        #expect(Frame(model: model).draw().cells.contains { coloured.contains($0.role) })
    }

    @Test("a time zone is followed through summer time")
    func timeZone() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        var model = self.model { options in
            options.secondsFromUTC = { time in
                berlin.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time.nanosecondsSinceEpoch) / 1e9))
            }
        }
        #expect(model.world.secondsFromUTC == 3_600)
        _ = model.tick(now: WallTime(millisecondsSinceEpoch: 1_751_328_000_000))
        #expect(model.world.secondsFromUTC == 7_200)
        model.useTimeZone(isUTC: true)
        _ = model.tick(now: Pilot.now)
        #expect(model.world.secondsFromUTC == 0)
    }

    @Test("what the configuration hides reaches the screens")
    func redaction() {
        let model = self.model { $0.extraRedactedQuery = ["employee_no"] }
        #expect(model.world.redaction.target("/a?employee_no=7") == "/a?employee_no=\(Redaction.mask)")
    }
}
