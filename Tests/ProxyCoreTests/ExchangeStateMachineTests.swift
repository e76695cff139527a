import Testing
import WorkerDomain

@testable import ProxyCore

@Suite("Exchange state machine")
struct ExchangeStateMachineTests {
    typealias Action = ExchangeStateMachine.Action
    typealias Request = ExchangeStateMachine.Request

    /// A machine whose request was sent on a connection.
    private func sent(_ request: Request = Request(), reused: Bool = false) -> ExchangeStateMachine {
        var machine = ExchangeStateMachine(retryLimit: 1)
        machine.begin(request)
        if !reused { machine.connecting() }
        #expect(machine.connected(reused: reused) == .send)
        return machine
    }

    private func answering(_ request: Request = Request()) -> ExchangeStateMachine {
        var machine = self.sent(request)
        #expect(machine.responseHead(status: 200, upstreamPersists: true, downstreamPersists: true) == .forwardHead)
        return machine
    }

    @Test(
        "a lost connection is repeated only when that is safe",
        arguments: [
            (Request(isRepeatable: true), true, Action.retry),
            (Request(isRepeatable: true), false, .retry),
            (Request(isRepeatable: false), true, .respond(.backendAborted, .responseHead)),
            (Request(isRepeatable: false), false, .respond(.backendAborted, .responseHead)),
            (Request(isRepeatable: false, isComplete: false), true, .respond(.backendAborted, .requestBody)),
        ])
    func lostConnection(request: Request, reused: Bool, expected: Action) {
        var machine = self.sent(request, reused: reused)
        #expect(machine.backendClosed() == expected)
    }

    @Test(
        "a kept connection that took nothing is replaced for any method, while the request can be sent again",
        arguments: [
            (false, true, true, Action.retry), (true, true, true, .respond(.backendAborted, .requestBody)),
            (false, false, true, .respond(.backendAborted, .requestBody)),
            (false, true, false, .respond(.backendAborted, .requestBody)),
        ])
    func staleConnection(wasDelivered: Bool, canResend: Bool, reused: Bool, expected: Action) {
        var machine = ExchangeStateMachine(retryLimit: 1)
        machine.begin(Request(isRepeatable: false, isComplete: false))
        #expect(machine.connected(reused: reused) == .send)
        #expect(machine.backendClosed(wasDelivered: wasDelivered, canResend: canResend) == expected)
        #expect(machine.retries == (expected == .retry ? 1 : 0))
    }

    @Test("the proxy's own response ends the exchange like a backend's, once", arguments: [true, false])
    func local(isComplete: Bool) {
        var machine = ExchangeStateMachine(retryLimit: 1)
        machine.begin(Request(isComplete: isComplete))
        machine.respondLocally()
        #expect(machine.backendTimedOut() == .none)
        #expect(machine.clientClosed() == .none)
        #expect(
            machine.responded(downstreamPersists: true)
                == .finish(keepUpstream: false, keepDownstream: isComplete))
        #expect(machine.responded(downstreamPersists: true) == .none)
    }

    @Test("a failure is responded to once, whatever follows")
    func failure() {
        var machine = self.sent()
        #expect(machine.backendMalformed() == .respond(.backendMalformed, .responseHead))
        #expect(machine.backendClosed() == .none)
        #expect(machine.responded(downstreamPersists: true) == .finish(keepUpstream: false, keepDownstream: true))
        #expect(machine.isOver)
    }

    @Test("no second repetition, and none after a byte of an answer")
    func retryLimit() {
        var machine = self.sent()
        #expect(machine.backendClosed() == .retry)
        #expect(machine.connected(reused: false) == .send)
        #expect(machine.backendClosed() == .respond(.backendAborted, .responseHead))
        var informed = self.sent()
        #expect(
            informed.responseHead(status: 103, upstreamPersists: true, downstreamPersists: true)
                == .forwardInformational)
        #expect(informed.backendClosed() == .respond(.backendAborted, .responseHead))
    }

    @Test("an answer that breaks off is cut, never finished")
    func cut() {
        var machine = self.answering()
        #expect(machine.backendClosed() == .cut(.backendAborted, .responseBody))
        #expect(machine.responseCompleted() == .none)
        #expect(machine.isOver)
    }

    @Test(
        "connections are kept only after whole messages that allow it",
        arguments: [(true, true, true), (false, true, true), (true, false, true), (true, true, false)])
    func keeping(upstream: Bool, downstream: Bool, complete: Bool) {
        var machine = self.sent(Request(isRepeatable: false, isComplete: complete))
        _ = machine.responseHead(status: 200, upstreamPersists: upstream, downstreamPersists: downstream)
        if !complete, downstream {
            #expect(machine.responseCompleted() == .none)
            #expect(machine.phase == .requestBody)
            #expect(machine.requestCompleted() == .finish(keepUpstream: upstream, keepDownstream: true))
        } else {
            #expect(
                machine.responseCompleted()
                    == .finish(keepUpstream: upstream && complete, keepDownstream: downstream && complete))
        }
    }

    @Test("after an early answer whatever goes wrong with the rest of the request ends as completed")
    func earlyAnswer() {
        let inputs: [(inout ExchangeStateMachine) -> ExchangeStateMachine.Action] = [
            { $0.clientClosed() }, { $0.clientTimedOut() }, { $0.backendClosed() }, { $0.requestRefused() },
        ]
        for input in inputs {
            var machine = self.sent(Request(isRepeatable: false, isComplete: false))
            _ = machine.responseHead(status: 200, upstreamPersists: true, downstreamPersists: true)
            #expect(machine.responseCompleted() == .none)
            #expect(input(&machine) == .finish(keepUpstream: false, keepDownstream: false))
            #expect(machine.isOver)
        }
    }

    @Test("a request is not sent again after the first byte of an answer")
    func begunAnswer() {
        var machine = self.sent()
        machine.responseBegan()
        #expect(machine.backendClosed() == .respond(.backendAborted, .responseHead))
    }

    @Test("a 101 opens a tunnel only when the request asked for one")
    func upgrade() {
        var asked = self.sent(Request(isRepeatable: false, wantsUpgrade: true))
        #expect(asked.responseHead(status: 101, upstreamPersists: true, downstreamPersists: true) == .openTunnel)
        #expect(asked.phase == .tunnel)
        #expect(asked.tunnelClosed() == .finish(keepUpstream: false, keepDownstream: false))
        var plain = self.sent()
        #expect(
            plain.responseHead(status: 101, upstreamPersists: true, downstreamPersists: true)
                == .respond(.backendMalformed, .responseHead))
    }

    @Test(
        "1xx heads go only to clients that want them",
        arguments: [
            (100, false, true, Action.none), (100, true, true, .forwardInformational),
            (103, false, true, .forwardInformational), (103, true, false, .none),
        ])
    func informational(status: Int, expects: Bool, takes: Bool, expected: Action) {
        var machine = self.sent(
            Request(isRepeatable: false, expectsContinue: expects, takesInformational: takes))
        #expect(machine.responseHead(status: status, upstreamPersists: true, downstreamPersists: true) == expected)
    }

    @Test("endless 1xx heads are an error")
    func informationalLimit() {
        var machine = self.sent()
        for _ in 0..<ExchangeStateMachine.informationalLimit {
            _ = machine.responseHead(status: 103, upstreamPersists: true, downstreamPersists: true)
        }
        #expect(
            machine.responseHead(status: 103, upstreamPersists: true, downstreamPersists: true)
                == .respond(.backendMalformed, .responseHead))
    }

    @Test("a client that leaves ends the exchange once, in the phase it was in")
    func clientClosed() {
        var queued = ExchangeStateMachine(retryLimit: 1)
        queued.begin(Request())
        #expect(queued.clientClosed() == .drop(.clientAborted, .queue))
        #expect(queued.clientClosed() == .none)
        #expect(queued.connected(reused: false) == .none)
        var uploading = self.sent(Request(isRepeatable: false, isComplete: false))
        #expect(uploading.clientClosed() == .drop(.clientAborted, .requestBody))
        var downloading = self.answering()
        #expect(downloading.clientClosed() == .drop(.clientAborted, .responseBody))
    }

    @Test("time limits are answered before the head and cut after it")
    func timeouts() {
        var connecting = ExchangeStateMachine(retryLimit: 1)
        connecting.begin(Request())
        connecting.connecting()
        #expect(connecting.backendTimedOut() == .respond(.backendUnreachable, .connect))
        var waiting = self.sent()
        #expect(waiting.backendTimedOut() == .respond(.backendTimeout, .responseHead))
        var answering = self.answering()
        #expect(answering.clientTimedOut() == .cut(.clientTimeout, .responseBody))
    }
}
