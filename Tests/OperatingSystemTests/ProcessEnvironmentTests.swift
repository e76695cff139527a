import Foundation
import Testing

@testable import OperatingSystem

@Suite("The environment")
struct ProcessEnvironmentTests {
    @Test(
        "an entry is split at its first equals sign; one without is no variable",
        arguments: [
            ("A=b", "A", "b"), ("A=", "A", ""), ("A=b=c", "A", "b=c"), ("=A=b", "", "A=b"), ("=", "", ""),
            ("A=\u{301}x", "A", "\u{301}x"), ("A", nil, nil), ("", nil, nil), ("é中= \n", "é中", " \n"),
        ] as [(String, String?, String?)])
    func entry(text: String, name: String?, value: String?) {
        let variable = ProcessEnvironment.variable(text)
        #expect(variable?.name == name)
        #expect(variable?.value == value)
    }

    @Test("all variables of the process, as Foundation has them")
    func all() throws {
        setenv("WORKER_CONSOLE_TEST", "a=b", 1)
        defer { unsetenv("WORKER_CONSOLE_TEST") }
        let variables = ProcessEnvironment.current()
        #expect(variables["WORKER_CONSOLE_TEST"] == "a=b")
        #expect(variables == ProcessInfo.processInfo.environment)
    }
}
