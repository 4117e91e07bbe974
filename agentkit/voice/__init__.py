"""Requests that are spoken, and answers that are read out: on this device (extra `voice`).

`sound` is what a microphone or a file gives, `phrases` what a toolset's users are likely
to say, `recogniser` turns the one into words by the other, `spoken_text` makes an answer
fit to be read out, and `voices` are the programs that do so.
"""
