import Testing
import WorkerDomain

@testable import WorkerProject

@Suite("CheckTexts")
struct CheckTextsTests {
    @Test(
        "what varies stays, what is fixed is Chinese",
        arguments: [
            ("wrangler.toml parses", "wrangler.toml 可以解析"), ("set it in wrangler.toml", "在 wrangler.toml 中设置"),
            (
                "keep fetch and add a class Default that calls it",
                "保留 fetch，并添加调用它的 Default 类"
            ),
            ("blue does not respond: connection refused", "blue 没有响应：连接被拒绝"),
            (
                "Cloudflare cannot reach 127.0.0.1:9000: the machine itself (loopback)",
                "Cloudflare 访问不到 127.0.0.1:9000：本机（回环地址）"
            ),
        ])
    func patterns(english: String, chinese: String) { #expect(Sentences.chinese(english) == chinese) }

    @Test("values and words of other programs stay as they are", arguments: ["2025-12-23", "", "set it in ", "x"])
    func others(text: String) { #expect(Sentences.chinese(text) == nil) }

    @Test("a check's result brings its Chinese title and sentences")
    func results() {
        let result = NameCheck().result(.fail, "name is not set", fix: "set name in wrangler.toml")
        #expect(result.chinese?.title == NameCheck.chineseTitle)
        #expect(result.chinese?.summary == "没有设置 name")
        #expect(result.chinese?.fix == "在 wrangler.toml 中设置 name")
    }

    @Test("a finding about wrangler's own redirect names its folder")
    func redirect() {
        let finding = ConfigurationFinding(.warning, file: "/home/me/site/.wrangler/deploy/config.json", message: "x")
        #expect(finding.place == ".wrangler/deploy/config.json")
        #expect(ConfigurationFinding(.error, file: "/a/wrangler.toml", message: "x").place == "wrangler.toml")
    }
}
